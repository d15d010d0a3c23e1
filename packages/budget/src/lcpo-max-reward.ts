import type { LengthReward } from './length-reward.js';
import { requireLengths } from './require-lengths.js';
import { requireNumber } from './require-number.js';

export interface LcpoMaxRewardOptions {
  /** α, what each token below the budget gains and each above it costs; > 0. Default 0.0003 (L1). */
  readonly alpha?: number;
  /** δ, the reward at exactly the budget; in 0..1. Default 0.5 (L1), so that a right answer slightly over beats a wrong one. */
  readonly delta?: number;
}

/**
 * The length factor of LCPO-Max (L1, arXiv 2503.04697, eq. 2): r = clip(α·(B − ℓ) + δ, 0, 1), for thoughts of at
 * most B tokens; shorter is better. In 0..1. L1 multiplies the correctness of the answer by it.
 *
 * @throws BudgetError `invalid_option` here; `invalid_length` from the reward.
 */
export const lcpoMaxReward = ({ alpha = 0.0003, delta = 0.5 }: LcpoMaxRewardOptions = {}): LengthReward => {
  requireNumber('invalid_option', 'alpha', alpha, { above: 0 });
  requireNumber('invalid_option', 'delta', delta, { min: 0, max: 1 });
  return (length, budget) => {
    requireLengths(length, budget);
    return Math.min(1, Math.max(0, alpha * (budget - length) + delta));
  };
};
