import { div, maximum, mean, mul, type Scalar, sum, type Tensor2D } from '@tensorflow/tfjs-core';
import type { BranchTokens } from './branch-tokens.js';

/**
 * Turns losses per token ([B, T], or [B, 1] where a branch's tokens share theirs) into one number. Padding counts
 * for nothing; without any token the result is 0.
 */
export type Aggregation = (losses: Tensor2D, tokens: BranchTokens) => Scalar;

/** Mean over a branch's tokens, then over the branches (GRPO). A branch without tokens counts as one with loss 0. */
export const meanOfBranchMeans: Aggregation = (losses, { mask_B_T, lengths_B }) =>
  mean(div(sum(mul(losses, mask_B_T), 1), maximum(lengths_B, 1)));

/** Mean over all tokens (BNPO). */
export const meanOverTokens: Aggregation = (losses, { mask_B_T, lengths_B }) =>
  div(sum(mul(losses, mask_B_T)), maximum(sum(lengths_B), 1));

/** Sum over all tokens, divided by the tokens of the whole step (DAPO); without that figure, the mean over all tokens. */
export const meanOverStepTokens: Aggregation = (losses, tokens) => {
  const { mask_B_T, stepTokens } = tokens;
  return stepTokens === undefined
    ? meanOverTokens(losses, tokens)
    : div(sum(mul(losses, mask_B_T)), stepTokens);
};

/** Sum over a branch's tokens, then mean over the branches (LUSPO). */
export const meanOfBranchSums: Aggregation = (losses, { mask_B_T }) =>
  div(sum(mul(losses, mask_B_T)), mask_B_T.shape[0]);

/** Sum over all tokens, divided by what B branches of `maxCompletionLength` tokens would have (Dr. GRPO). */
export function meanOverLongest(maxCompletionLength: number): Aggregation {
  return (losses, { mask_B_T }) => div(sum(mul(losses, mask_B_T)), mask_B_T.shape[0] * maxCompletionLength);
}
