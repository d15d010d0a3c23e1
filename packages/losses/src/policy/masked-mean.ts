import { div, type Scalar, sum, type Tensor2D } from '@tensorflow/tfjs-core';
import { meanOverTokens } from './aggregation.js';
import type { BranchTokens } from './branch-tokens.js';

/** TRL's mean for metrics: over all tokens for [B, T], over the branches for [B, 1]. */
export function maskedMean(values: Tensor2D, tokens: BranchTokens): Scalar {
  return values.shape[1] === 1
    ? div(sum(values), Math.max(values.shape[0], 1))
    : meanOverTokens.aggregate(values, tokens);
}
