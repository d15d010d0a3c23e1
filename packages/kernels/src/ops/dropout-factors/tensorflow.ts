import * as tf from '@tensorflow/tfjs-core';
import { type TensorflowKernel, tensorflowKernel, typeAttribute } from '../tensorflow-kernel.js';
import { DROPOUT_FACTORS } from './dropout-factors.js';

interface Attributes {
  readonly shape: readonly number[];
  readonly share: number;
}

/** Draws with TensorFlow's stateless generator, whose seed is an input: a graph draws anew for each seed. */
export const DROPOUT_FACTORS_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<{ seed: tf.Tensor1D }, Attributes>(
    DROPOUT_FACTORS,
    ({ inputs: { seed }, attributes: { shape, share }, backend }) =>
      tf.tidy(() => {
        const uniform = backend.executeSingleOutput(
          'StatelessRandomUniform',
          [typeAttribute('dtype', 'float32'), typeAttribute('T', 'int32'), typeAttribute('Tseed', 'int32')],
          [tf.tensor1d([...shape], 'int32'), seed],
        );
        return [tf.mul(tf.cast(tf.greaterEqual(uniform, share), 'float32'), 1 / (1 - share))];
      }),
  ),
];
