import type { LengthReward } from './length-reward.js';
import { requireLengths } from './require-lengths.js';
import { requireNumber } from './require-number.js';

export interface TriangularRewardOptions {
  /** r_max, the reward at exactly the budget; > 0. Default 1 (ours: the paper does not publish it). */
  readonly maxReward?: number;
}

/**
 * The paper's length reward (RMT, arXiv 2509.24375): from 0 at ℓ = 0 up to r_max at ℓ = B, down to 0 at ℓ = 2B,
 * 0 beyond; r = max(0, r_max·(1 − |ℓ − B|/B)). In 0..maxReward.
 *
 * @throws BudgetError `invalid_option` here; `invalid_length` from the reward.
 */
export const triangularReward = ({ maxReward = 1 }: TriangularRewardOptions = {}): LengthReward => {
  requireNumber('invalid_option', 'maxReward', maxReward, { above: 0 });
  return (length, budget) => {
    requireLengths(length, budget);
    return length >= 2 * budget ? 0 : maxReward * (1 - Math.abs(length - budget) / budget);
  };
};
