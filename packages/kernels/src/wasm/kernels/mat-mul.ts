import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type NativeGraph, nativeGraph, nativeStatus, runOnWasm, runRowsOnWasm } from '../../native/index.js';
import { sizeOf } from '../heap.js';
import { callKernel, partialWasmKernel } from '../wasm-kernel.js';
import { xnnMatMul } from './xnn-mat-mul.js';

interface Product {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const graphs = new Map<string, NativeGraph>();

function productGraph(rank: number, transposeA: boolean, transposeB: boolean): NativeGraph {
  const key = `${rank} ${transposeA} ${transposeB}`;
  let graph = graphs.get(key);
  if (graph === undefined) {
    const dims = (name: string): string[] => Array.from({ length: rank }, (_, i) => `${name}${i}`);
    graph = nativeGraph({
      name: 'mat-mul',
      nodes: [
        {
          op: 'FusedMatMul',
          domain: 'com.microsoft',
          inputs: ['a', 'b'],
          outputs: ['y'],
          attributes: { transA: { int: Number(transposeA) }, transB: { int: Number(transposeB) } },
        },
      ],
      inputs: [
        { name: 'a', dims: dims('a') },
        { name: 'b', dims: dims('b') },
      ],
      outputs: [{ name: 'y', dims: dims('y') }],
    });
    graphs.set(key, graph);
  }
  return graph;
}

/** Batch dimensions as few as broadcasting allows; [] when one product suffices. */
interface Batches {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly y: readonly number[];
  /** All of a's rows, over all batches, times the one b. */
  readonly rowsJoined: boolean;
}

function planBatches(a: readonly number[], b: readonly number[], transposeA: boolean): Batches {
  const [countA, countB] = [sizeOf(a), sizeOf(b)];
  if (countB === 1 && (countA === 1 || !transposeA)) return { a: [], b: [], y: [], rowsJoined: true };
  const rank = Math.max(a.length, b.length);
  const padded = (dims: readonly number[]): number[] => [
    ...new Array<number>(rank - dims.length).fill(1),
    ...dims,
  ];
  const [fullA, fullB] = [padded(a), padded(b)];
  if (countA === 1 || countB === 1 || fullA.every((dim, i) => dim === fullB[i])) {
    return { a: [countA], b: [countB], y: [Math.max(countA, countB)], rowsJoined: false };
  }
  const y = fullA.map((dim, i) => (dim === 1 ? fullB[i] : dim));
  return { a: fullA, b: fullB, y, rowsJoined: false };
}

/** Batched product of float32 tensors with broadcasting, natively where possible. */
function product(backend: BackendWasm, { a, b, transposeA, transposeB }: Product): tf.TensorInfo {
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [rowsA, columnsA] = a.shape.slice(-2);
  const [rowsB, columnsB] = b.shape.slice(-2);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [innerB, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  tf.util.assert(
    k === innerB,
    () => `matMul: inner dimensions ${k} and ${innerB} of shapes ${a.shape} and ${b.shape} differ`,
  );
  const shape = [...tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB), m, n];
  if (sizeOf(shape) === 0 || k === 0) return emptyProduct(backend, shape);
  const plan = planBatches(batchA, batchB, transposeA);
  const rows = plan.rowsJoined ? sizeOf(batchA) * rowsA : rowsA;
  const left = { ...a, shape: [...plan.a, rows, columnsA] };
  const right = { ...b, shape: [...plan.b, rowsB, columnsB] };
  const target = [...plan.y, plan.rowsJoined && !transposeA ? rows : m, n];
  const output = nativeStatus().ok
    ? nativeProduct(backend, { a: left, b: right, transposeA, transposeB }, target)
    : xnnMatMul(backend, left, right, transposeA, transposeB, target);
  return { ...output, shape };
}

function nativeProduct(
  backend: BackendWasm,
  { a, b, transposeA, transposeB }: Product,
  target: readonly number[],
): tf.TensorInfo {
  const graph = productGraph(target.length, transposeA, transposeB);
  const [rows, columns] = target;
  return target.length === 2 && !transposeA
    ? runRowsOnWasm(graph, [a, b], [[rows, columns]], backend, { whole: ['b'] })[0]
    : runOnWasm(graph, [a, b], [target], backend)[0];
}

function emptyProduct(backend: BackendWasm, shape: number[]): tf.TensorInfo {
  const output = backend.makeOutput(shape, 'float32');
  backend.typedArrayFromHeap(output).fill(0);
  return output;
}

/** BatchMatMul with any transposes and batches. */
export const batchMatMul = partialWasmKernel<tf.BatchMatMulInputs, tf.BatchMatMulAttrs>(
  tf.BatchMatMul,
  ({ inputs }) => inputs.a.dtype === 'float32' && inputs.b.dtype === 'float32',
  ({ inputs, attrs, backend }) => product(backend, { ...inputs, ...attrs }),
);

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: tf.Relu,
  relu6: tf.Relu6,
  sigmoid: tf.Sigmoid,
  elu: tf.Elu,
};

/** _FusedMatMul: the product, then bias and activation; activations with weights of their own as shipped. */
export const fusedMatMul = partialWasmKernel<tf._FusedMatMulInputs, tf._FusedMatMulAttrs>(
  tf._FusedMatMul,
  ({ inputs, attrs }) =>
    inputs.a.dtype === 'float32' &&
    inputs.b.dtype === 'float32' &&
    (attrs.activation === 'linear' || attrs.activation in ACTIVATIONS),
  ({ inputs, attrs, backend }) => {
    let y = product(backend, { ...inputs, ...attrs });
    const then = (kernelName: string, others: Record<string, tf.TensorInfo>): void => {
      const before = y;
      try {
        y = callKernel(backend, kernelName, others);
      } finally {
        backend.disposeData(before.dataId);
      }
    };
    if (inputs.bias) then(tf.Add, { a: y, b: inputs.bias });
    if (attrs.activation !== 'linear') then(ACTIVATIONS[attrs.activation], { x: y });
    return y;
  },
);
