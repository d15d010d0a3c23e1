import {
  type TokenLogProbs,
  type TokenLogProbsOptions,
  targetLogProbs,
  tokenLogProbs,
} from '@midtrain/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import { headTrains, headWeight, type Policy } from './policy.js';

/**
 * What a policy says of given tokens, from the hidden states that predict them: `tokenLogProbs` with the policy's head.
 * Differentiable; the head's gradient is only computed where it trains.
 *
 * @param hidden_N_D rows of `decode`'s result
 * @param targets_N int32 token ids
 */
export function predictTokens(
  policy: Policy,
  hidden_N_D: tf.Tensor2D,
  targets_N: tf.Tensor1D,
  options: Omit<TokenLogProbsOptions, 'weightGradient'> = {},
): TokenLogProbs {
  return tokenLogProbs(hidden_N_D, headWeight(policy), targets_N, {
    ...options,
    weightGradient: headTrains(policy),
  });
}

/** The log-probabilities of {@link predictTokens} alone, at temperature 1: what next-token training needs. */
export const predictTargets = (
  policy: Policy,
  hidden_N_D: tf.Tensor2D,
  targets_N: tf.Tensor1D,
): tf.Tensor1D =>
  targetLogProbs(hidden_N_D, headWeight(policy), targets_N, { weightGradient: headTrains(policy) });
