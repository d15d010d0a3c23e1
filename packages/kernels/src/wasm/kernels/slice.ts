import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { copyBox, stridesOf } from '../copy-box.js';
import { inHeap, place } from '../heap.js';
import { partialWasmKernel } from '../wasm-kernel.js';

/** Copies the box of `size` elements at `begin` into a new tensor. */
export function sliceOf(
  backend: BackendWasm,
  x: tf.TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): tf.TensorInfo {
  const output = backend.makeOutput([...size], x.dtype);
  const strides = stridesOf(x.shape);
  const source = place(backend, x);
  const start = begin.reduce((offset, index, axis) => offset + index * strides[axis], source.offset);
  const target = place(backend, output);
  copyBox(
    source.memory,
    size,
    { offset: start, strides },
    { offset: target.offset, strides: stridesOf(size) },
  );
  return output;
}

/** Slice, without the copy of the whole source that the shipped one makes. */
export const slice = partialWasmKernel<tf.SliceInputs, tf.SliceAttrs>(
  tf.Slice,
  ({ inputs }) => inHeap(inputs.x.dtype),
  ({ inputs: { x }, attrs, backend }) => {
    const [begin, size] = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
    tf.slice_util.assertParamsValid(x as tf.Tensor, begin, size);
    return sliceOf(backend, x, begin, size);
  },
);
