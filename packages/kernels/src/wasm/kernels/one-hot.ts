import * as tf from '@tensorflow/tfjs-core';
import { integers } from '../heap.js';
import { wasmKernel } from '../wasm-kernel.js';

/** OneHot in the dtype that was asked for; the shipped one writes the bits of an integer into float32 tensors. */
export const oneHot = wasmKernel<tf.OneHotInputs, tf.OneHotAttrs>(
  tf.OneHot,
  ({ inputs: { indices }, attrs: { dtype, depth, onValue, offValue }, backend }) => {
    const output = backend.makeOutput([...indices.shape, depth], dtype ?? 'int32');
    const values = backend.typedArrayFromHeap(output);
    const ids = integers(backend, indices);
    values.fill(offValue);
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] >= 0 && ids[i] < depth) values[i * depth + ids[i]] = onValue;
    }
    return output;
  },
);
