import * as tf from '@tensorflow/tfjs-core';
import { allOrNothing } from '../all-or-nothing.js';
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
    return allOrNothing(backend, (own) =>
      sizes.map((length) => {
        const begin = x.shape.map((_, i) => (i === axis ? start : 0));
        start += length;
        const size = x.shape.map((dim, i) => (i === axis ? length : dim));
        return own(sliceOf(backend, x, begin, size));
      }),
    );
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
    return allOrNothing(backend, (own) =>
      Array.from({ length: value.shape[axis] }, (_, index) => {
        const begin = value.shape.map((_dim, i) => (i === axis ? index : 0));
        return { ...own(sliceOf(backend, value, begin, size)), shape };
      }),
    );
  },
);
