import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { NativeGraphError } from './errors.js';
import type { NativeData, NativeGraph, NativeTensor } from './graph.js';
import type { ElementType } from './onnx-model.js';

const DTYPE_OF: Partial<Record<ElementType, tf.DataType>> = {
  float32: 'float32',
  int32: 'int32',
  bool: 'bool',
};

/**
 * The tfjs wasm backend that is active.
 * @throws {NativeGraphError} when another backend is.
 */
export function activeWasmBackend(): BackendWasm {
  if (tf.getBackend() !== 'wasm') {
    throw new NativeGraphError(
      `backend: native graphs over tensors need wasm, but ${tf.getBackend()} is active`,
    );
  }
  return tf.backend() as BackendWasm;
}

/**
 * A tensor's memory in the wasm heap, without a copy. Lost when the heap grows: allocate outputs first.
 */
export function wasmView(backend: BackendWasm, tensor: tf.TensorInfo): NativeTensor {
  // Every dtype but string, which never reaches here, is a view of one of the engine's array types.
  return { data: backend.typedArrayFromHeap(tensor) as NativeData, dims: tensor.shape };
}

/**
 * Runs a graph on tensors of the wasm backend, in place: inputs and outputs in the order of the definition.
 *
 * @param outputShapes shape of each output; their dtypes are the definition's
 * @returns new tensor infos, the caller's to dispose
 * @throws {NativeUnavailableError} when the engine cannot be used; see `nativeStatus`
 * @throws {NativeGraphError} when the counts or dtypes do not fit the definition
 */
export function runOnWasm(
  graph: NativeGraph,
  inputs: readonly tf.TensorInfo[],
  outputShapes: readonly (readonly number[])[],
  backend: BackendWasm = activeWasmBackend(),
): tf.TensorInfo[] {
  if (inputs.length !== graph.inputs.length || outputShapes.length !== graph.outputs.length) {
    throw new NativeGraphError(
      `${graph.name}: ${inputs.length} inputs and ${outputShapes.length} outputs given, ` +
        `expected ${graph.inputs.length} and ${graph.outputs.length}`,
    );
  }
  const outputs = graph.outputs.map((output, i) => {
    const dtype = DTYPE_OF[output.type ?? 'float32'];
    if (dtype === undefined) throw new NativeGraphError(`${graph.name}: tfjs has no ${output.type} tensors`);
    return backend.makeOutput([...outputShapes[i]], dtype);
  });
  const feeds: Record<string, NativeTensor> = {};
  const fetches: Record<string, NativeTensor> = {};
  graph.inputs.forEach((input, i) => {
    feeds[input.name] = wasmView(backend, inputs[i]);
  });
  graph.outputs.forEach((output, i) => {
    fetches[output.name] = wasmView(backend, outputs[i]);
  });
  try {
    graph.run(feeds, fetches);
  } catch (error) {
    for (const output of outputs) backend.disposeData(output.dataId);
    throw error;
  }
  return outputs;
}
