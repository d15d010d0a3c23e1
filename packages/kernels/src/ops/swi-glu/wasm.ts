import type { TensorInfo } from '@tensorflow/tfjs-core';
import { nativeGraph, runRowsOnWasm } from '../../native/index.js';
import { type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { constant, fusedNode, node } from '../native-nodes.js';
import { SWI_GLU, SWI_GLU_GRADIENT } from './swi-glu.js';

const matrix = (name: string) => ({ name, dims: ['n', 'f'] });

const forwardGraph = nativeGraph({
  name: SWI_GLU,
  nodes: [
    // x · σ(1·x): the operator's factor makes it GELU's approximation at 1.702 and SiLU at 1.
    fusedNode('QuickGelu', ['gate'], 'silu', { alpha: { float: 1 } }),
    node('Mul', ['silu', 'up'], 'y'),
  ],
  inputs: [matrix('gate'), matrix('up')],
  outputs: [matrix('y')],
});

const backwardGraph = nativeGraph({
  name: SWI_GLU_GRADIENT,
  nodes: [
    node('Sigmoid', ['gate'], 'sigmoid'),
    node('Mul', ['gate', 'sigmoid'], 'silu'),
    node('Mul', ['gradient', 'silu'], 'dup'),
    node('Sub', ['one', 'sigmoid'], 'rest'),
    node('Mul', ['silu', 'rest'], 'curved'),
    node('Add', ['sigmoid', 'curved'], 'slope'),
    node('Mul', ['gradient', 'up'], 'scaled'),
    node('Mul', ['scaled', 'slope'], 'dgate'),
  ],
  inputs: [matrix('gate'), matrix('up'), matrix('gradient')],
  outputs: [matrix('dgate'), matrix('dup')],
  constants: [constant('one', 1)],
});

/** A graph's pieces, all it computes on the way included, stay in the cache. */
const PIECES = { numbersACall: 2 ** 17 };

const flat = ({ shape }: TensorInfo): [number, number] => [shape[0], shape[1]];

/** `swiGlu` on the wasm heap by the native engine. */
export const SWI_GLU_WASM: readonly WasmKernel[] = [
  wasmKernel<{ gate: TensorInfo; up: TensorInfo }, object, TensorInfo[]>(
    SWI_GLU,
    ({ inputs: { gate, up }, backend }) =>
      runRowsOnWasm(forwardGraph, [gate, up], [flat(gate)], backend, PIECES),
  ),
  wasmKernel<{ gate: TensorInfo; up: TensorInfo; gradient: TensorInfo }, object, TensorInfo[]>(
    SWI_GLU_GRADIENT,
    ({ inputs: { gate, up, gradient }, backend }) =>
      runRowsOnWasm(backwardGraph, [gate, up, gradient], [flat(gate), flat(gate)], backend, PIECES),
  ),
];
