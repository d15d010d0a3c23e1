import * as tf from '@tensorflow/tfjs-core';
import { inHeap } from '../heap.js';
import { partialWasmKernel } from '../wasm-kernel.js';
import { sliceOf } from './slice.js';

/** SplitV: parts along one axis, each copied once. */
export const splitV = partialWasmKernel<tf.SplitVInputs, tf.SplitVAttrs, tf.TensorInfo[]>(
  tf.SplitV,
  ({ inputs }) => inHeap(inputs.x.dtype),
  ({ inputs: { x }, attrs, backend }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, x.shape);
    const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis);
    let start = 0;
    return sizes.map((length) => {
      const begin = x.shape.map((_, i) => (i === axis ? start : 0));
      start += length;
      return sliceOf(
        backend,
        x,
        begin,
        x.shape.map((dim, i) => (i === axis ? length : dim)),
      );
    });
  },
);

/** Unpack (tf.unstack): single indices along one axis, each copied once. */
export const unpack = partialWasmKernel<tf.UnpackInputs, tf.UnpackAttrs, tf.TensorInfo[]>(
  tf.Unpack,
  ({ inputs }) => inHeap(inputs.value.dtype),
  ({ inputs: { value }, attrs, backend }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, value.shape);
    const shape = value.shape.filter((_, i) => i !== axis);
    const size = value.shape.map((dim, i) => (i === axis ? 1 : dim));
    return Array.from({ length: value.shape[axis] }, (_, index) => {
      const begin = value.shape.map((_dim, i) => (i === axis ? index : 0));
      return { ...sliceOf(backend, value, begin, size), shape };
    });
  },
);
