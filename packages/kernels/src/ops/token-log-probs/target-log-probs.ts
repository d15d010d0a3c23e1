import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../dispatch.js';
import { withGradient } from '../with-gradient.js';
import { addRows } from './add-rows.js';
import { requireHeadInputs } from './requirements.js';
import { type TokenLogProbsOptions, tokenLogProbs } from './token-log-probs.js';

/** Inputs hidden [N, D], weight [V, D], targetIds [N] int32; outputs logProbs [N] and the softmax [N, V]. */
export const TARGET_LOG_PROBS = 'MidtrainTargetLogProbs';

/**
 * Most logits that are kept from the forward to the backward pass, rather than computed again in chunks: on wasm, whose heap
 * holds 4 GiB, 32 MiB of them.
 */
const mostLogits = (): number => (tf.getBackend() === 'wasm' ? 2 ** 23 : 2 ** 26);

/**
 * The log-probabilities of `tokenLogProbs` alone, at temperature 1: what plain training needs. Where the backend has a
 * kernel for it and the logits are few enough, what the gradient needs is kept instead of computed twice.
 *
 * @param hidden_N_D last hidden states; float32
 * @param weight_V_D the output head (or the tied embedding); float32
 * @param targetIds_N int32, 0..V−1
 * @param options.weightGradient whether the weight gets a gradient. Default true.
 * @returns float32 [N], in nats; differentiable in hidden and weight
 * @throws {OperationInputError} when shapes or dtypes do not fit
 */
export function targetLogProbs(
  hidden_N_D: tf.Tensor2D,
  weight_V_D: tf.Tensor2D,
  targetIds_N: tf.Tensor1D,
  options: Pick<TokenLogProbsOptions, 'weightGradient'> = {},
): tf.Tensor1D {
  const { weightGradient = true } = options;
  requireHeadInputs('targetLogProbs', hidden_N_D, weight_V_D, targetIds_N);
  const logits = hidden_N_D.shape[0] * weight_V_D.shape[0];
  if (!hasKernel(TARGET_LOG_PROBS) || logits === 0 || logits > mostLogits()) {
    return tokenLogProbs(hidden_N_D, weight_V_D, targetIds_N, options).logProbs_N;
  }
  return withGradient<tf.Tensor1D>(weightGradient ? [hidden_N_D, weight_V_D] : [hidden_N_D], {
    forward() {
      const inputs = { hidden: hidden_N_D, weight: weight_V_D, targetIds: targetIds_N };
      const [value, p_N_V] = runKernel(TARGET_LOG_PROBS, inputs);
      return { value: value as tf.Tensor1D, saved: [hidden_N_D, weight_V_D, targetIds_N, p_N_V] };
    },
    backward: (gradient_N, [hidden, weight, targetIds, p_N_V]) =>
      tf.tidy(() => {
        // dz = g·(one-hot − softmax); g is applied to narrow factors, so that nothing of size N·V is written again.
        const p = p_N_V as tf.Tensor2D;
        const ids = targetIds as tf.Tensor1D;
        const gradient_N_1 = tf.reshape(gradient_N, [-1, 1]);
        const ofHidden = tf.mul(
          tf.sub(tf.gather(weight, ids), tf.matMul(p, weight as tf.Tensor2D)),
          gradient_N_1,
        );
        if (!weightGradient) return [ofHidden];
        const weighted_N_D = tf.mul<tf.Tensor2D>(hidden, gradient_N_1);
        const away_V_D: tf.Tensor2D = tf.matMul(p, tf.neg(weighted_N_D), true, false);
        return [ofHidden, addRows(away_V_D, ids, weighted_N_D)];
      }),
  });
}
