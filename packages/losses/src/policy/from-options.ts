import { add, keep, mul, type Scalar, sub, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import type { PolicyLoss, PolicyLossInput, PolicyLossOutput } from '../policy-loss.js';
import { requireNumber } from '../require-number.js';
import { stopGradient } from '../stop-gradient.js';
import { branchTokens } from './branch-tokens.js';
import { importanceRatios } from './importance-ratio.js';
import { biasCorrectedKl, k3Kl } from './kl.js';
import { maskedMean } from './masked-mean.js';
import type { PolicyLossOptions } from './options.js';
import { recipeOf } from './recipe.js';

/**
 * Makes the policy loss that `options.type` names; see the README for each one's formula and source, and for the cases
 * in which values, gradients and metrics were compared with TRL's.
 *
 * Per token: objective + β·KL − entropyCoefficient·entropy, then the type's aggregation (TRL takes the mean over all
 * tokens of the entropy, whatever the type). Nothing is read back from the device, and nothing leaks. The metrics are
 * kept (`tf.keep`): they outlive the `tf.tidy` or the gradient function in which the loss is computed, until the caller
 * disposes of them.
 *
 * Metrics: `kl` when β is not 0, `entropy` when entropies are given, and the objective's own.
 *
 * The returned loss throws LossesError `missing_tensor` when a tensor that the options need is not there, and
 * `invalid_shape` when the tensors do not fit each other.
 *
 * @throws LossesError `invalid_option`
 */
export function policyLoss(options: PolicyLossOptions): PolicyLoss {
  const { level, objective, aggregation } = recipeOf(options);
  const { klBiasCorrection = true } = options;
  const beta = requireNumber('beta', options.beta ?? 0, { from: 0 });
  const entropyCoefficient = requireNumber('entropyCoefficient', options.entropyCoefficient ?? 0, {
    from: 0,
  });
  const needed = { refLogProbs: beta !== 0, entropies: entropyCoefficient !== 0 };

  function compute(input: PolicyLossInput): PolicyLossOutput {
    const tokens = branchTokens(input, needed);
    const ratios = importanceRatios(tokens, level);
    const { losses: objectiveLosses, metrics: objectiveMetrics } = objective(tokens, ratios);
    const metrics: Record<string, Scalar> = { ...objectiveMetrics };
    let losses: Tensor2D = objectiveLosses;
    if (tokens.refLogProbs_B_T) {
      const k3_B_T = k3Kl(tokens.logProbs_B_T, tokens.refLogProbs_B_T);
      const kl_B_T = klBiasCorrection ? biasCorrectedKl(k3_B_T, ratios) : k3_B_T;
      losses = add(losses, mul(kl_B_T, beta));
      metrics.kl = maskedMean(kl_B_T, tokens);
    }
    if (tokens.entropies_B_T) {
      metrics.entropy = maskedMean(tokens.entropies_B_T, tokens);
      if (needed.entropies) losses = sub(losses, mul(tokens.entropies_B_T, entropyCoefficient));
    }
    for (const name of Object.keys(metrics)) metrics[name] = keep(stopGradient(metrics[name]));
    return { loss: aggregation.aggregate(losses, tokens), metrics };
  }

  function loss(input: PolicyLossInput): PolicyLossOutput {
    let metrics: PolicyLossOutput['metrics'] = {};
    const value = tidy(() => {
      const output = compute(input);
      metrics = output.metrics;
      return output.loss;
    });
    return { loss: value, metrics };
  }

  return Object.assign(loss, {
    reduction: aggregation.over,
    zeroAdvantageIsFree: beta === 0 && entropyCoefficient === 0,
    usesEntropyGradient: entropyCoefficient !== 0,
  });
}
