import * as tf from '@tensorflow/tfjs-core';
import { type TensorflowKernel, tensorflowKernel, typeAttribute } from '../tensorflow-kernel.js';
import { SUM_OF_SQUARES } from './clip-gradients.js';

/** A tensor's sum of squares without the squares: TensorFlow's `L2Loss` is half of it. */
export const CLIP_GRADIENTS_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<{ x: tf.Tensor }>(SUM_OF_SQUARES, ({ inputs: { x }, backend }) =>
    tf.tidy(() => tf.mul(backend.executeSingleOutput('L2Loss', [typeAttribute('T', 'float32')], [x]), 2)),
  ),
];
