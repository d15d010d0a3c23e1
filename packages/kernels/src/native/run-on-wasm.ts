import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { allOrNothing, type Own } from '../wasm/all-or-nothing.js';
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

function makeOutputs(
  graph: NativeGraph,
  shapes: readonly (readonly number[])[],
  backend: BackendWasm,
  own: Own,
): tf.TensorInfo[] {
  return graph.outputs.map((output, i) => {
    const dtype = DTYPE_OF[output.type ?? 'float32'];
    if (dtype === undefined) throw new NativeGraphError(`${graph.name}: tfjs has no ${output.type} tensors`);
    return own(backend.makeOutput([...shapes[i]], dtype));
  });
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
  return allOrNothing(backend, (own) => {
    const outputs = makeOutputs(graph, outputShapes, backend, own);
    const feeds: Record<string, NativeTensor> = {};
    const fetches: Record<string, NativeTensor> = {};
    graph.inputs.forEach((input, i) => {
      feeds[input.name] = wasmView(backend, inputs[i]);
    });
    graph.outputs.forEach((output, i) => {
      fetches[output.name] = wasmView(backend, outputs[i]);
    });
    graph.run(feeds, fetches);
    return outputs;
  });
}

/**
 * Numbers that a call writes at most where rows can be taken apart: what a graph computes on the way then stays in the cache.
 * On 2 cores 720,896 and 2 million are about as fast.
 */
const NUMBERS_A_CALL = 720_896;

/**
 * Runs a graph whose output rows depend on the same rows of its inputs only, piece by piece. Inputs and outputs are
 * [rows, width].
 *
 * @param whole names of inputs that every row needs, such as weights
 * @param numbersACall numbers of all outputs that a call writes at most
 * @returns new tensor infos, the caller's to dispose
 */
export function runRowsOnWasm(
  graph: NativeGraph,
  inputs: readonly tf.TensorInfo[],
  outputShapes: readonly (readonly [number, number])[],
  backend: BackendWasm,
  { whole = [], numbersACall = NUMBERS_A_CALL }: { whole?: readonly string[]; numbersACall?: number } = {},
): tf.TensorInfo[] {
  const [[rows]] = outputShapes;
  const written = outputShapes.reduce((sum, [, width]) => sum + width, 0);
  const each = Math.max(1, Math.floor(numbersACall / Math.max(1, written)));
  if (rows <= each) return runOnWasm(graph, inputs, outputShapes, backend);
  return allOrNothing(backend, (own) => {
    const outputs = makeOutputs(graph, outputShapes, backend, own);
    const views = (infos: readonly tf.TensorInfo[]) => infos.map((info) => wasmView(backend, info));
    const [read, write] = [views(inputs), views(outputs)];
    for (let start = 0; start < rows; start += each) {
      const count = Math.min(each, rows - start);
      const part = ({ data, dims }: NativeTensor): NativeTensor => ({
        data: data.subarray(start * dims[1], (start + count) * dims[1]),
        dims: [count, dims[1]],
      });
      const feeds = graph.inputs.map(({ name }, i) => [name, whole.includes(name) ? read[i] : part(read[i])]);
      const fetches = graph.outputs.map(({ name }, i) => [name, part(write[i])]);
      graph.run(Object.fromEntries(feeds), Object.fromEntries(fetches));
    }
    return outputs;
  });
}
