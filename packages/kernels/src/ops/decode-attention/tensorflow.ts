import * as tf from '@tensorflow/tfjs-core';
import { type TensorflowKernel, tensorflowKernel, typeAttribute } from '../tensorflow-kernel.js';
import { CACHE_APPEND } from './decode-attention.js';

interface Inputs {
  readonly cache: tf.Tensor4D;
  readonly rows: tf.Tensor3D;
  readonly column: tf.Scalar;
}

/** Caches that are written in place: TensorFlow's `InplaceUpdate` gives its input's memory back. */
export const CACHE_APPEND_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<Inputs>(CACHE_APPEND, ({ inputs: { cache, rows, column }, backend }) =>
    tf.tidy(() => {
      const [branches, heads, capacity, headDim] = cache.shape;
      const count = branches * heads;
      const firsts = tf.range(0, count * capacity, capacity, 'int32');
      const written = backend.executeSingleOutput(
        'InplaceUpdate',
        [typeAttribute('T', 'float32')],
        [
          tf.reshape(cache, [count * capacity, headDim]),
          tf.add(firsts, column),
          tf.reshape(rows, [count, headDim]),
        ],
      );
      return tf.reshape(written, cache.shape);
    }),
  ),
];
