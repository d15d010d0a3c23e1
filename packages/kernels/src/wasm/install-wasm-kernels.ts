import * as tf from '@tensorflow/tfjs-core';
import { activeWasmBackend, type NativeStatus, nativeStatus } from '../native/index.js';
import { guardHeap } from './guard-heap.js';
import { concat } from './kernels/concat.js';
import { elementwiseKernels } from './kernels/elementwise.js';
import { gather } from './kernels/gather.js';
import { cast, identity } from './kernels/identity.js';
import { batchMatMul, fusedMatMul } from './kernels/mat-mul.js';
import { oneHot } from './kernels/one-hot.js';
import { reductions } from './kernels/reduce.js';
import { slice } from './kernels/slice.js';
import { softmax } from './kernels/softmax.js';
import { splitV, unpack } from './kernels/split.js';
import { transpose } from './kernels/transpose.js';
import { unsortedSegmentSum } from './kernels/unsorted-segment-sum.js';
import type { WasmKernel } from './wasm-kernel.js';

/** The kernels that are put in place of tfjs's, or added to them. */
const WASM_KERNELS: readonly WasmKernel[] = [
  batchMatMul,
  fusedMatMul,
  transpose,
  slice,
  splitV,
  unpack,
  concat,
  gather,
  unsortedSegmentSum,
  oneHot,
  identity,
  cast,
  softmax,
  ...reductions,
  ...elementwiseKernels,
];

const installed = new Set<tf.KernelFunc>();

function install({ kernelName, make }: WasmKernel): void {
  const shipped = tf.getKernel(kernelName, 'wasm');
  if (shipped !== undefined && installed.has(shipped.kernelFunc)) return;
  if (shipped !== undefined) tf.unregisterKernel(kernelName, 'wasm');
  const kernelFunc = make(shipped?.kernelFunc);
  installed.add(kernelFunc);
  tf.registerKernel({ ...shipped, kernelName, backendName: 'wasm', kernelFunc });
}

/**
 * Replaces the slow, missing and wrong kernels of the active wasm backend, for the whole process, and makes a full
 * heap a clear error. Call it once the backend is set; calling it again changes nothing.
 *
 * @returns whether the native engine takes part; without it the kernels still work, several times slower
 * @throws {NativeGraphError} when another backend is active
 */
export function installWasmKernels(): NativeStatus {
  guardHeap(activeWasmBackend());
  for (const kernel of WASM_KERNELS) install(kernel);
  return nativeStatus();
}
