import * as tf from '@tensorflow/tfjs-core';
import { type NativeGraph, nativeGraph, nativeStatus, runOnWasm } from '../../native/index.js';
import { sizeOf } from '../heap.js';
import { partialWasmKernel, type WasmKernel } from '../wasm-kernel.js';

interface ReduceInputs {
  readonly x: tf.TensorInfo;
}

interface ReduceAttributes {
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
  readonly keepDims: boolean;
}

// From this many elements on, the native engine beats the shipped kernel (measured, see bench).
const NATIVE_ELEMENTS = 8192;

type Reduction = readonly [outer: number, reduced: number, inner: number];

/** How a reduction's axes lie in memory; undefined when the reduced axes do not lie side by side. */
function reductionOf(shape: readonly number[], axes: readonly number[]): Reduction | undefined {
  const sorted = [...axes].sort((a, b) => a - b);
  if (sorted.length === 0 || sorted.some((axis, i) => axis !== sorted[0] + i)) return undefined;
  const end = sorted[0] + sorted.length;
  return [sizeOf(shape.slice(0, sorted[0])), sizeOf(shape.slice(sorted[0], end)), sizeOf(shape.slice(end))];
}

/** A graph for each layout: ONNX Runtime is only fast (up to 40 times) where no axis of size 1 is in the way. */
function reduceGraphs(op: string): (box: Reduction) => { graph: NativeGraph; dims: number[] } {
  const define = (dims: string[], axis: number): NativeGraph =>
    nativeGraph({
      name: op,
      nodes: [{ op, inputs: ['x', 'axis'], outputs: ['y'], attributes: { keepdims: { int: 0 } } }],
      constants: [{ name: 'axis', dims: [1], data: [axis], type: 'int64' }],
      inputs: [{ name: 'x', dims }],
      outputs: [{ name: 'y', dims: dims.filter((_, i) => i !== axis) }],
    });
  const last = define(['outer', 'reduced'], 1);
  const first = define(['reduced', 'inner'], 0);
  const middle = define(['outer', 'reduced', 'inner'], 1);
  return ([outer, reduced, inner]) => {
    if (inner === 1) return { graph: last, dims: [outer, reduced] };
    if (outer === 1) return { graph: first, dims: [reduced, inner] };
    return { graph: middle, dims: [outer, reduced, inner] };
  };
}

const axesOf = ({ axis, reductionIndices }: ReduceAttributes, shape: number[]): number[] =>
  tf.util.parseAxisParam((axis ?? reductionIndices) as number | number[], shape);

function reduction(kernelName: string, op: string): WasmKernel {
  const choose = reduceGraphs(op);
  return partialWasmKernel<ReduceInputs, ReduceAttributes>(
    kernelName,
    ({ inputs: { x }, attrs }) =>
      x.dtype === 'float32' &&
      sizeOf(x.shape) >= NATIVE_ELEMENTS &&
      reductionOf(x.shape, axesOf(attrs, x.shape)) !== undefined &&
      nativeStatus().ok,
    ({ inputs: { x }, attrs, backend }) => {
      const axes = axesOf(attrs, x.shape);
      const box = reductionOf(x.shape, axes) as Reduction;
      const { graph, dims } = choose(box);
      const kept = dims.length === 3 ? [box[0], box[2]] : [box[0] * box[2]];
      const [output] = runOnWasm(graph, [{ ...x, shape: dims }], [kept], backend);
      const shape = x.shape.flatMap((dim, i) => {
        if (!axes.includes(i)) return [dim];
        return attrs.keepDims ? [1] : [];
      });
      return { ...output, shape };
    },
  );
}

/** Sum, Mean and Max over axes that lie side by side: native from a size on. */
export const reductions: readonly WasmKernel[] = [
  reduction(tf.Sum, 'ReduceSum'),
  reduction(tf.Mean, 'ReduceMean'),
  reduction(tf.Max, 'ReduceMax'),
];
