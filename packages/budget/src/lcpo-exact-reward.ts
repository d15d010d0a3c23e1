import type { LengthReward } from './length-reward.js';
import { requireLengths } from './require-lengths.js';
import { requireNumber } from './require-number.js';

export interface LcpoExactRewardOptions {
  /** α, the penalty of each token above or below the budget; > 0. Default 0.0003 (L1). */
  readonly alpha?: number;
}

/**
 * The length term of LCPO-Exact (L1, arXiv 2503.04697, eq. 1): r = −α·|ℓ − B|. At most 0, unbounded below;
 * L1 adds it to the correctness of the answer.
 *
 * @throws BudgetError `invalid_option` here; `invalid_length` from the reward.
 */
export const lcpoExactReward = ({ alpha = 0.0003 }: LcpoExactRewardOptions = {}): LengthReward => {
  requireNumber('invalid_option', 'alpha', alpha, { above: 0 });
  return (length, budget) => {
    requireLengths(length, budget);
    return length === budget ? 0 : -alpha * Math.abs(length - budget);
  };
};
