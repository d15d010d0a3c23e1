import * as tf from '@tensorflow/tfjs-core';
import { nativeGraph, nativeStatus, runOnWasm } from '../../native/index.js';
import { sizeOf } from '../heap.js';
import { partialWasmKernel, type WasmKernel } from '../wasm-kernel.js';

function elementwise(kernelName: string, op: string, nativeElements: number): WasmKernel {
  const graph = nativeGraph({
    name: op,
    nodes: [{ op, inputs: ['x'], outputs: ['y'] }],
    inputs: [{ name: 'x', dims: ['n'] }],
    outputs: [{ name: 'y', dims: ['n'] }],
  });
  return partialWasmKernel<{ x: tf.TensorInfo }, object>(
    kernelName,
    ({ inputs: { x } }) => x.dtype === 'float32' && sizeOf(x.shape) >= nativeElements && nativeStatus().ok,
    ({ inputs: { x }, backend }) => {
      const size = [sizeOf(x.shape)];
      const [output] = runOnWasm(graph, [{ ...x, shape: size }], [size], backend);
      return { ...output, shape: x.shape };
    },
  );
}

/**
 * Functions that cost more than the memory they read, with the number of elements from which the native engine
 * wins (measured, see bench). Sums, products and the like are bound by memory: the shipped kernels keep them.
 */
export const elementwiseKernels: readonly WasmKernel[] = [
  elementwise(tf.Exp, 'Exp', 2048),
  elementwise(tf.Log, 'Log', 8192),
  elementwise(tf.Sigmoid, 'Sigmoid', 32_768),
  elementwise(tf.Tanh, 'Tanh', 2048),
  elementwise(tf.Erf, 'Erf', 2048),
  elementwise(tf.Sin, 'Sin', 8192),
  elementwise(tf.Cos, 'Cos', 8192),
];
