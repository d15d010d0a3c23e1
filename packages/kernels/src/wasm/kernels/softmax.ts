import * as tf from '@tensorflow/tfjs-core';
import { nativeGraph, nativeStatus, runOnWasm } from '../../native/index.js';
import { sizeOf } from '../heap.js';
import { partialWasmKernel } from '../wasm-kernel.js';

const NATIVE_ELEMENTS = 16_384;

const graph = nativeGraph({
  name: 'softmax',
  nodes: [{ op: 'Softmax', inputs: ['x'], outputs: ['y'], attributes: { axis: { int: 1 } } }],
  inputs: [{ name: 'x', dims: ['n', 'd'] }],
  outputs: [{ name: 'y', dims: ['n', 'd'] }],
});

/** Softmax over the last axis: native from a size on. */
export const softmax = partialWasmKernel<tf.SoftmaxInputs, tf.SoftmaxAttrs>(
  tf.Softmax,
  ({ inputs: { logits }, attrs: { dim } }) =>
    logits.dtype === 'float32' &&
    dim === logits.shape.length - 1 &&
    sizeOf(logits.shape) >= NATIVE_ELEMENTS &&
    nativeStatus().ok,
  ({ inputs: { logits }, attrs: { dim }, backend }) => {
    const rows = [sizeOf(logits.shape.slice(0, -1)), logits.shape[dim]];
    const [output] = runOnWasm(graph, [{ ...logits, shape: rows }], [rows], backend);
    return { ...output, shape: logits.shape };
  },
);
