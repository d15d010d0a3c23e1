import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type NativeGraph, nativeGraph, runOnWasm } from '../../native/index.js';
import { allOrNothing } from '../../wasm/all-or-nothing.js';
import { sharing, type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { fusedNode, node } from '../native-nodes.js';
import { ROTARY } from './rotary.js';

/** The heads of a token lie side by side; the operator finds their width from the angles. */
const rotation = (inverse: boolean): NativeGraph =>
  nativeGraph({
    name: ROTARY,
    nodes: [
      ...(inverse ? [node('Neg', ['sin'], 'back')] : []),
      fusedNode('RotaryEmbedding', ['x', 'first', 'cos', inverse ? 'back' : 'sin'], 'y'),
    ],
    inputs: [
      { name: 'x', dims: [1, 'n', 'h'] },
      { name: 'cos', dims: ['n', 'r'] },
      { name: 'sin', dims: ['n', 'r'] },
    ],
    outputs: [{ name: 'y', dims: [1, 'n', 'h'] }],
    constants: [{ name: 'first', dims: [1], data: [0], type: 'int64' }],
  });

const forwardGraph = rotation(false);
const inverseGraph = rotation(true);

/** `rotary` on the wasm heap by the native engine. */
export const ROTARY_WASM: readonly WasmKernel[] = [
  wasmKernel<{ x: TensorInfo; cos: TensorInfo; sin: TensorInfo }, { inverse: boolean }, TensorInfo>(
    ROTARY,
    ({ inputs: { x, cos, sin }, attrs, backend }) =>
      allOrNothing(backend, (own) => {
        const [tokens, heads, headDim] = x.shape;
        const rows = [1, tokens, heads * headDim];
        const flat = own(sharing(backend, x, rows));
        const [y] = runOnWasm(attrs.inverse ? inverseGraph : forwardGraph, [flat, cos, sin], [rows], backend);
        backend.disposeData(flat.dataId);
        return { ...y, shape: x.shape };
      }),
  ),
];
