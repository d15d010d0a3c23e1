import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';

/** Notes a tensor that has been made, and gives it back. */
export type Own = (made: TensorInfo) => TensorInfo;

/**
 * Runs what makes several tensors. Where one does not fit into the heap, or anything else fails, those that it made before are
 * disposed of: tfjs knows only of what a kernel returns.
 *
 * @param compute notes by `own` what it makes; what it disposes of by itself too, if nothing can fail afterwards
 */
export function allOrNothing<Result>(backend: BackendWasm, compute: (own: Own) => Result): Result {
  const made: TensorInfo[] = [];
  try {
    return compute((info) => {
      made.push(info);
      return info;
    });
  } catch (error) {
    for (const { dataId } of made) backend.disposeData(dataId);
    throw error;
  }
}
