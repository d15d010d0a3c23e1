import { createNativeSession, nativeGeneration } from './engine.js';
import { NativeGraphError } from './errors.js';
import { type ElementType, encodeModel, type GraphDefinition, type GraphValue } from './onnx-model.js';
import { type OrtSession, type OrtTensor, runWithoutCopies } from './ort-binding.js';

/** Data of a native tensor: float32, int32, int64 and bool (a byte each), in that order. */
export type NativeData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A tensor as a view of memory, row by row. */
export interface NativeTensor {
  readonly data: NativeData;
  readonly dims: readonly number[];
}

/** A graph that the native engine runs. */
export interface NativeGraph extends GraphDefinition {
  /**
   * Computes, at once and without copies: reads `feeds`, writes `fetches`, which must name every input and any
   * outputs. Views of a wasm memory are lost when it grows, so allocate everything before making them.
   * @throws {NativeUnavailableError} when the engine cannot be used; see `nativeStatus`.
   * @throws {NativeGraphError} when a tensor is missing, or its data does not fit its type or dims.
   */
  run(feeds: Readonly<Record<string, NativeTensor>>, fetches: Readonly<Record<string, NativeTensor>>): void;
}

/**
 * Below so many numbers, read and written together, one thread is faster than waking another: on 2 cores 28 µs
 * against 53 for the product 32×128×128, 192 against 227 for 512×128×128; even at about 1024×128×128 (280,000 numbers).
 */
const SINGLE_THREAD_NUMBERS = 262_144;

const ARRAY_OF = {
  float32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const satisfies Record<ElementType, unknown>;

function checked(graph: string, value: GraphValue, tensor: NativeTensor | undefined): OrtTensor {
  const type = value.type ?? 'float32';
  if (tensor === undefined) throw new NativeGraphError(`${graph}: ${value.name} is missing`);
  const { data, dims } = tensor;
  if (!(data instanceof ARRAY_OF[type])) {
    throw new NativeGraphError(
      `${graph}: ${value.name} is a ${data.constructor.name}, expected ${ARRAY_OF[type].name}`,
    );
  }
  if (dims.length !== value.dims.length) {
    throw new NativeGraphError(`${graph}: ${value.name} has shape [${dims}], expected [${value.dims}]`);
  }
  let size = 1;
  for (const dim of dims) size *= dim;
  if (data.length !== size) {
    throw new NativeGraphError(`${graph}: ${value.name} has ${data.length} numbers for shape [${dims}]`);
  }
  return { type, location: 'cpu', data, dims };
}

/**
 * Defines a graph. Nothing is loaded before its first run; then a session for small and one for large tensors are kept,
 * as long as the process lives, so define graphs once, outside of functions, or cache them.
 */
export function nativeGraph(definition: GraphDefinition): NativeGraph {
  const sessions: { small?: OrtSession; large?: OrtSession } = {};
  let made = -1;
  const open = (numbers: number): OrtSession => {
    if (made !== nativeGeneration()) {
      sessions.small?.dispose();
      sessions.large?.dispose();
      sessions.small = undefined;
      sessions.large = undefined;
      made = nativeGeneration();
    }
    const size = numbers < SINGLE_THREAD_NUMBERS ? 'small' : 'large';
    sessions[size] ??= createNativeSession(encodeModel(definition), size === 'small');
    return sessions[size];
  };
  const run: NativeGraph['run'] = (feeds, fetches) => {
    const inputs: Record<string, OrtTensor> = {};
    const outputs: Record<string, OrtTensor> = {};
    for (const value of definition.inputs) {
      inputs[value.name] = checked(definition.name, value, feeds[value.name]);
    }
    for (const value of definition.outputs) {
      if (fetches[value.name] !== undefined) {
        outputs[value.name] = checked(definition.name, value, fetches[value.name]);
      }
    }
    let numbers = 0;
    for (const name in inputs) numbers += inputs[name].data.length;
    for (const name in outputs) numbers += outputs[name].data.length;
    runWithoutCopies(open(numbers), inputs, outputs);
  };
  return { ...definition, run };
}
