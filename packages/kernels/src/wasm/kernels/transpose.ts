import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type NativeGraph, nativeGraph, nativeStatus, runOnWasm } from '../../native/index.js';
import { copyBox, stridesOf } from '../copy-box.js';
import { inHeap, place, sizeOf } from '../heap.js';
import { partialWasmKernel, sharing } from '../wasm-kernel.js';

// From this many elements on, the native engine's transpose beats a loop here (measured, see bench).
const NATIVE_ELEMENTS = 16_384;
const TILE = 16;

interface Permutation {
  readonly shape: readonly number[];
  readonly perm: readonly number[];
}

/** The same movement with axes of size 1 dropped and axes that stay together joined. */
function canonical(shape: readonly number[], perm: readonly number[]): Permutation {
  const groups: number[][] = [];
  let last = -2;
  for (const axis of perm) {
    if (shape[axis] === 1) continue;
    let next = last + 1;
    while (next < axis && shape[next] === 1) next += 1;
    if (groups.length > 0 && next === axis) groups[groups.length - 1].push(axis);
    else groups.push([axis]);
    last = axis;
  }
  const order = groups.map((_, i) => i).sort((a, b) => groups[a][0] - groups[b][0]);
  return {
    shape: order.map((i) => sizeOf(groups[i].map((axis) => shape[axis]))),
    perm: groups.map((_, i) => order.indexOf(i)),
  };
}

const graphs = new Map<string, NativeGraph>();

function transposeGraph(perm: readonly number[], type: 'float32' | 'int32'): NativeGraph {
  const key = `${type} ${perm}`;
  let graph = graphs.get(key);
  if (graph === undefined) {
    const dims = perm.map((axis) => `d${axis}`);
    graph = nativeGraph({
      name: `transpose-${perm.join('')}`,
      nodes: [{ op: 'Transpose', inputs: ['x'], outputs: ['y'], attributes: { perm: { ints: [...perm] } } }],
      inputs: [{ name: 'x', dims: [...dims].sort(), type }],
      outputs: [{ name: 'y', dims, type }],
    });
    graphs.set(key, graph);
  }
  return graph;
}

/** [B, M, N] → [B, N, M] in square tiles, so that both sides stay in the cache. */
function transposeTiles(
  memory: Int32Array | Uint8Array,
  from: number,
  to: number,
  [batches, rows, columns]: readonly number[],
): void {
  for (let batch = 0; batch < batches; batch++) {
    const source = from + batch * rows * columns;
    const target = to + batch * rows * columns;
    for (let i0 = 0; i0 < rows; i0 += TILE) {
      const i1 = Math.min(i0 + TILE, rows);
      for (let j0 = 0; j0 < columns; j0 += TILE) {
        const j1 = Math.min(j0 + TILE, columns);
        for (let j = j0; j < j1; j++) {
          let write = target + j * rows + i0;
          for (let i = i0; i < i1; i++) memory[write++] = memory[source + i * columns + j];
        }
      }
    }
  }
}

/** `x` with its axes permuted, as a new tensor (or the same memory when nothing moves). */
export function transposed(backend: BackendWasm, x: tf.TensorInfo, perm: readonly number[]): tf.TensorInfo {
  const shape = perm.map((axis) => x.shape[axis]);
  const move = canonical(x.shape, perm);
  const rank = move.perm.length;
  if (rank < 2) return sharing(backend, x, shape);
  const rowsStay = move.perm[rank - 1] === rank - 1;
  if (!rowsStay && x.dtype !== 'bool' && sizeOf(shape) >= NATIVE_ELEMENTS && nativeStatus().ok) {
    const graph = transposeGraph(move.perm, x.dtype as 'float32' | 'int32');
    const input = { ...x, shape: [...move.shape] };
    const [output] = runOnWasm(graph, [input], [move.perm.map((axis) => move.shape[axis])], backend);
    return { ...output, shape };
  }
  const output = backend.makeOutput(shape, x.dtype);
  const { memory, offset } = place(backend, x);
  const target = place(backend, output).offset;
  if (`${move.perm}` === '1,0' || `${move.perm}` === '0,2,1') {
    transposeTiles(memory, offset, target, rank === 2 ? [1, ...move.shape] : move.shape);
  } else {
    const strides = stridesOf(move.shape);
    const moved = move.perm.map((axis) => move.shape[axis]);
    const source = { offset, strides: move.perm.map((axis) => strides[axis]) };
    copyBox(memory, moved, source, { offset: target, strides: stridesOf(moved) });
  }
  return output;
}

/** Transpose of any axes: whole rows by copying, large swaps natively, small ones in tiles. */
export const transpose = partialWasmKernel<tf.TransposeInputs, tf.TransposeAttrs>(
  tf.Transpose,
  ({ inputs }) => inHeap(inputs.x.dtype),
  ({ inputs: { x }, attrs: { perm }, backend }) => transposed(backend, x, perm),
);
