import * as tf from '@tensorflow/tfjs-core';
import { type TensorflowKernel, tensorflowKernel, typeAttribute } from '../tensorflow-kernel.js';
import { TARGET_LOG_PROBS } from './target-log-probs.js';

/** `targetLogProbs` with TensorFlow's cross-entropy, which gives the loss and its gradient in one go. */
export const TARGET_LOG_PROBS_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<{ hidden: tf.Tensor2D; weight: tf.Tensor2D; targetIds: tf.Tensor1D }>(
    TARGET_LOG_PROBS,
    ({ inputs: { hidden, weight, targetIds }, backend }) =>
      tf.tidy(() => {
        const [nats, away] = backend.executeMultipleOutputs(
          'SparseSoftmaxCrossEntropyWithLogits',
          [typeAttribute('T', 'float32'), typeAttribute('Tlabels', 'int32')],
          [tf.matMul(hidden, weight, false, true), targetIds],
          2,
        );
        return [tf.neg(nats), away];
      }),
  ),
];
