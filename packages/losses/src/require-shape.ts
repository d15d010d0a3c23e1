import type { Tensor } from '@tensorflow/tfjs-core';
import { LossesError } from './losses-error.js';

/**
 * Checks a tensor that may be absent; tfjs would broadcast a wrong shape in silence.
 *
 * @throws LossesError `invalid_shape`, naming the tensor, its shape and `like`, the tensor it should go with
 */
export function requireShape(
  name: string,
  tensor: Tensor | undefined,
  expected: readonly number[],
  like: string,
): void {
  if (!tensor) return;
  const { shape } = tensor;
  if (shape.length === expected.length && expected.every((size, axis) => shape[axis] === size)) return;
  throw new LossesError(
    'invalid_shape',
    `${name} has shape [${shape}]; expected [${expected}] to go with ${like}`,
  );
}
