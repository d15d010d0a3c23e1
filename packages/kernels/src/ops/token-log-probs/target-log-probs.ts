import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../dispatch.js';
import { withGradient } from '../with-gradient.js';
import { tokenLogProbs } from './token-log-probs.js';

/** Inputs hidden [N, D], weight [V, D], targetIds [N] int32; outputs logProbs [N] and softmax − one-hot [N, V]. */
export const TARGET_LOG_PROBS = 'MidtrainTargetLogProbs';

/** Most logits that are kept from the forward to the backward pass, rather than computed again in chunks. */
const MOST_LOGITS = 2 ** 26;

/**
 * The log-probabilities of `tokenLogProbs` alone, at temperature 1: what plain training needs. Where the backend has a
 * kernel for it and the logits are few enough, what the gradient needs is kept instead of computed twice.
 *
 * @param hidden_N_D last hidden states; float32
 * @param weight_V_D the output head (or the tied embedding); float32
 * @param targetIds_N int32, 0..V−1
 * @returns float32 [N], in nats; differentiable in hidden and weight
 * @throws {OperationInputError} when shapes or dtypes do not fit
 */
export function targetLogProbs(
  hidden_N_D: tf.Tensor2D,
  weight_V_D: tf.Tensor2D,
  targetIds_N: tf.Tensor1D,
): tf.Tensor1D {
  const logits = hidden_N_D.shape[0] * weight_V_D.shape[0];
  if (!hasKernel(TARGET_LOG_PROBS) || logits === 0 || logits > MOST_LOGITS) {
    return tokenLogProbs(hidden_N_D, weight_V_D, targetIds_N).logProbs_N;
  }
  return withGradient<tf.Tensor1D>([hidden_N_D, weight_V_D], {
    forward() {
      const inputs = { hidden: hidden_N_D, weight: weight_V_D, targetIds: targetIds_N };
      const [value, away_N_V] = runKernel(TARGET_LOG_PROBS, inputs);
      return { value: value as tf.Tensor1D, saved: [hidden_N_D, weight_V_D, away_N_V] };
    },
    backward: (gradient_N, [hidden, weight, away_N_V]) =>
      tf.tidy(() => {
        // dz = −g·(softmax − one-hot); g is applied to the narrow factors, so that nothing of size N·V is written again.
        const factor_N_1 = tf.neg(tf.reshape(gradient_N, [-1, 1]));
        const away = away_N_V as tf.Tensor2D;
        return [
          tf.mul(tf.matMul(away, weight as tf.Tensor2D), factor_N_1),
          tf.matMul(away, tf.mul<tf.Tensor2D>(hidden, factor_N_1), true, false),
        ];
      }),
  });
}
