import type { TensorInfo } from '@tensorflow/tfjs-core';
import { nativeGraph, wasmView } from '../../native/index.js';
import { allOrNothing } from '../../wasm/all-or-nothing.js';
import { floats } from '../../wasm/heap.js';
import { type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { axis, node } from '../native-nodes.js';
import { SUM_OF_SQUARES } from './clip-gradients.js';

const graph = nativeGraph({
  name: SUM_OF_SQUARES,
  nodes: [node('ReduceSumSquare', ['x', 'all'], 'sum', { keepdims: { int: 0 } })],
  inputs: [{ name: 'x', dims: ['n'] }],
  outputs: [{ name: 'sum', dims: [] }],
  constants: [axis('all', 0)],
});

/** A tensor's sum of squares on the wasm heap by the native engine. */
export const CLIP_GRADIENTS_WASM: readonly WasmKernel[] = [
  wasmKernel<{ x: TensorInfo }, object>(SUM_OF_SQUARES, ({ inputs: { x }, backend }) =>
    allOrNothing(backend, (own) => {
      const out = own(backend.makeOutput([], 'float32'));
      const { data } = wasmView(backend, x);
      graph.run({ x: { data, dims: [data.length] } }, { sum: { data: floats(backend, out), dims: [] } });
      return out;
    }),
  ),
];
