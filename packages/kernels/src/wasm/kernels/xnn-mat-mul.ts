import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { allOrNothing, type Own } from '../all-or-nothing.js';
import { byteOffset, libraryOf, sizeOf } from '../heap.js';
import { transposed } from './transpose.js';

type Multiply = (
  a: number,
  aShape: Uint8Array,
  aRank: number,
  b: number,
  bShape: Uint8Array,
  bRank: number,
  transposeA: number,
  transposeB: number,
  out: number,
) => void;

const BYTES = Float32Array.BYTES_PER_ELEMENT;
// tfjs counts its own ids up from 0; these stay out of its way.
const FIRST_ID = 2 ** 29;
const IDS = 2 ** 20;

const multipliers = new WeakMap<BackendWasm, Multiply>();
let used = 0;

function multiplier(backend: BackendWasm): Multiply {
  let multiply = multipliers.get(backend);
  if (multiply === undefined) {
    const types = ['number', 'array', 'number', 'number', 'array', 'number', 'number', 'number', 'number'];
    multiply = libraryOf(backend).cwrap<Multiply>('BatchMatMul', null, types);
    multipliers.set(backend, multiply);
  }
  return multiply;
}

const bytesOf = (dims: number[]): Uint8Array => new Uint8Array(Int32Array.from(dims).buffer);

/** Index of a batch of the output within an input that may be broadcast. */
function inputBatch(batch: number, output: readonly number[], input: readonly number[]): number {
  let [rest, index, stride] = [batch, 0, 1];
  for (let axis = output.length - 1; axis >= 0; axis--) {
    const coordinate = rest % output[axis];
    rest = Math.floor(rest / output[axis]);
    if (input[axis] !== 1) index += coordinate * stride;
    stride *= input[axis];
  }
  return index;
}

type Product = [a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean, shape: number[]];

/**
 * Product without the native engine: tfjs's wasm library is only fast for single products without transposes
 * (42 against 1 to 3 GFLOPS), so transposes are made explicit and every batch becomes a product of its own, on
 * a view of the heap. Fresh ids for each keep the library from using the packed weights of an earlier call.
 *
 * @param shape the output's; all three have the same number of batch dimensions, 1 where they are broadcast
 */
export const xnnMatMul = (backend: BackendWasm, ...product: Product): TensorInfo =>
  allOrNothing(backend, (own) => multiplied(backend, own, ...product));

function multiplied(
  backend: BackendWasm,
  own: Own,
  ...[a, b, transposeA, transposeB, shape]: Product
): TensorInfo {
  const swapped = (x: TensorInfo): TensorInfo => {
    const axes = x.shape.map((_, axis) => axis);
    const [last, before] = [axes.pop() as number, axes.pop() as number];
    return own(transposed(backend, x, [...axes, last, before]));
  };
  const left = transposeA ? swapped(a) : a;
  const right = transposeB ? swapped(b) : b;
  const output = own(backend.makeOutput(shape, 'float32'));
  const [m, n] = shape.slice(-2);
  const k = left.shape[left.shape.length - 1];
  const batches = shape.slice(0, -2);
  const { registerTensor, disposeData } = backend.wasm.tfjs;
  const view = (x: TensorInfo, batch: number, size: number): number => {
    used = (used + 1) % IDS;
    const id = FIRST_ID + used;
    registerTensor(id, size, byteOffset(backend, x) + batch * size * BYTES);
    return id;
  };
  const [aShape, bShape] = [bytesOf([1, m, k]), bytesOf([1, k, n])];
  const multiply = multiplier(backend);
  for (let batch = 0; batch < sizeOf(batches); batch++) {
    const ids = [
      view(left, inputBatch(batch, batches, left.shape.slice(0, -2)), m * k),
      view(right, inputBatch(batch, batches, right.shape.slice(0, -2)), k * n),
      view(output, batch, m * n),
    ];
    multiply(ids[0], aShape, 3, ids[1], bShape, 3, 0, 0, ids[2]);
    for (const id of ids) disposeData(id);
  }
  if (left !== a) backend.disposeData(left.dataId);
  if (right !== b) backend.disposeData(right.dataId);
  return output;
}
