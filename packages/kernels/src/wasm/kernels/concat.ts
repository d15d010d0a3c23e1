import * as tf from '@tensorflow/tfjs-core';
import { copyBox, stridesOf } from '../copy-box.js';
import { inHeap, place } from '../heap.js';
import { partialWasmKernel } from '../wasm-kernel.js';

/** Concat of one dtype: every input copied once, straight to its place. The shipped one converts others. */
export const concat = partialWasmKernel<tf.ConcatInputs, tf.ConcatAttrs>(
  tf.Concat,
  ({ inputs }) => inHeap(inputs[0].dtype) && inputs.every(({ dtype }) => dtype === inputs[0].dtype),
  ({ inputs, attrs, backend }) => {
    const shapes = inputs.map((input) => input.shape);
    const [axis] = tf.util.parseAxisParam(attrs.axis, shapes[0]);
    tf.backend_util.assertParamsConsistent(shapes, axis);
    const output = backend.makeOutput(tf.backend_util.computeOutShape(shapes, axis), inputs[0].dtype);
    const { memory, offset } = place(backend, output);
    const strides = stridesOf(output.shape);
    let start = offset;
    for (const input of inputs) {
      const source = { offset: place(backend, input).offset, strides: stridesOf(input.shape) };
      copyBox(memory, input.shape, source, { offset: start, strides });
      start += input.shape[axis] * strides[axis];
    }
    return output;
  },
);
