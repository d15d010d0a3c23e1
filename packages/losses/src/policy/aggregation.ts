import { div, mul, type Scalar, sum, type Tensor2D } from '@tensorflow/tfjs-core';
import type { BranchTokens } from './branch-tokens.js';

/** How the losses of the tokens become one number. */
export interface Aggregation {
  /**
   * `losses` are [B, T], or [B, 1] where a branch's tokens share theirs. Padding counts for nothing; without any
   * token the result is 0.
   */
  readonly aggregate: (losses: Tensor2D, tokens: BranchTokens) => Scalar;
  /** What it is a mean over: the parts of a batch, weighted by their shares of these, add up to the whole. */
  readonly over: 'branches' | 'tokens';
}

/** At least 1, so that the loss of no branches is 0. */
const branchCount = (mask_B_T: Tensor2D): number => Math.max(mask_B_T.shape[0], 1);

/** Mean over a branch's tokens, then over the branches (GRPO). A branch without tokens counts as one with loss 0. */
export const meanOfBranchMeans: Aggregation = {
  aggregate: (losses, { mask_B_T, lengths_B }) =>
    div(sum(div(sum(mul(losses, mask_B_T), 1), lengths_B)), branchCount(mask_B_T)),
  over: 'branches',
};

/** Mean over all tokens (BNPO, DAPO). */
export const meanOverTokens: Aggregation = {
  aggregate: (losses, { mask_B_T, tokenCount }) => div(sum(mul(losses, mask_B_T)), tokenCount),
  over: 'tokens',
};

/** Sum over a branch's tokens, then mean over the branches (LUSPO, arXiv 2602.05261). */
export const meanOfBranchSums: Aggregation = {
  aggregate: (losses, { mask_B_T }) => div(sum(mul(losses, mask_B_T)), branchCount(mask_B_T)),
  over: 'branches',
};

/** Sum over all tokens, divided by what B branches of `maxCompletionLength` tokens would have (Dr. GRPO, arXiv 2503.20783). */
export function meanOverLongest(maxCompletionLength: number): Aggregation {
  return {
    aggregate: (losses, { mask_B_T }) =>
      div(sum(mul(losses, mask_B_T)), branchCount(mask_B_T) * maxCompletionLength),
    over: 'branches',
  };
}
