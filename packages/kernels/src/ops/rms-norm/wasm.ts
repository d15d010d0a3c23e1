import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type NativeGraph, nativeGraph, runOnWasm } from '../../native/index.js';
import { type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { axis, constant, node } from '../native-nodes.js';
import { RMS_NORM, RMS_NORM_GRADIENT } from './rms-norm.js';

interface Attributes {
  readonly epsilon: number;
}

/** One graph for each ε: a model has one. */
function byEpsilon(define: (epsilon: number) => NativeGraph): (epsilon: number) => NativeGraph {
  const graphs = new Map<number, NativeGraph>();
  return (epsilon) => {
    const graph = graphs.get(epsilon) ?? define(epsilon);
    graphs.set(epsilon, graph);
    return graph;
  };
}

const X = { name: 'x', dims: ['n', 'd'] };
const WEIGHT = { name: 'weight', dims: ['d'] };

const forwardGraph = byEpsilon((epsilon) =>
  nativeGraph({
    name: RMS_NORM,
    nodes: [
      node('SimplifiedLayerNormalization', ['x', 'weight'], 'y', {
        axis: { int: -1 },
        epsilon: { float: epsilon },
      }),
    ],
    inputs: [X, WEIGHT],
    outputs: [{ name: 'y', dims: ['n', 'd'] }],
  }),
);

const backwardGraph = byEpsilon((epsilon) =>
  nativeGraph({
    name: RMS_NORM_GRADIENT,
    nodes: [
      node('Mul', ['x', 'x'], 'square'),
      node('ReduceMean', ['square', 'columns'], 'mean'),
      node('Add', ['mean', 'epsilon'], 'shifted'),
      node('Sqrt', ['shifted'], 'root'),
      node('Reciprocal', ['root'], 'r'),
      node('Mul', ['x', 'r'], 'normed'),
      node('Mul', ['gradient', 'weight'], 'scaled'),
      node('Mul', ['scaled', 'normed'], 'product'),
      node('ReduceMean', ['product', 'columns'], 'along'),
      node('Mul', ['normed', 'along'], 'parallel'),
      node('Sub', ['scaled', 'parallel'], 'across'),
      node('Mul', ['across', 'r'], 'dx'),
      node('Mul', ['gradient', 'normed'], 'weighted'),
      node('ReduceSum', ['weighted', 'rows'], 'dweight', { keepdims: { int: 0 } }),
    ],
    inputs: [X, WEIGHT, { name: 'gradient', dims: ['n', 'd'] }],
    outputs: [
      { name: 'dx', dims: ['n', 'd'] },
      { name: 'dweight', dims: ['d'] },
    ],
    constants: [axis('columns', 1), axis('rows', 0), constant('epsilon', epsilon)],
  }),
);

/** `rmsNorm` on the wasm heap by the native engine. */
export const RMS_NORM_WASM: readonly WasmKernel[] = [
  wasmKernel<{ x: TensorInfo; weight: TensorInfo }, Attributes, TensorInfo[]>(
    RMS_NORM,
    ({ inputs: { x, weight }, attrs, backend }) =>
      runOnWasm(forwardGraph(attrs.epsilon), [x, weight], [x.shape], backend),
  ),
  wasmKernel<{ x: TensorInfo; weight: TensorInfo; gradient: TensorInfo }, Attributes, TensorInfo[]>(
    RMS_NORM_GRADIENT,
    ({ inputs: { x, weight, gradient }, attrs, backend }) =>
      runOnWasm(backwardGraph(attrs.epsilon), [x, weight, gradient], [x.shape, weight.shape], backend),
  ),
];
