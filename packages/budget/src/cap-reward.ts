import type { LengthReward } from './length-reward.js';
import { requireLengths } from './require-lengths.js';
import { requireNumber } from './require-number.js';

export interface CapRewardOptions {
  /** The reward of any thought within the budget; > 0. Default 1. */
  readonly maxReward?: number;
}

/**
 * A hard cap: maxReward for ℓ ≤ B, 0 above, as a token limit that voids whatever exceeds it
 * (ThinkPrune, arXiv 2504.01296). Says nothing about how short a thought within the budget is.
 *
 * @throws BudgetError `invalid_option` here; `invalid_length` from the reward.
 */
export const capReward = ({ maxReward = 1 }: CapRewardOptions = {}): LengthReward => {
  requireNumber('invalid_option', 'maxReward', maxReward, { above: 0 });
  return (length, budget) => {
    requireLengths(length, budget);
    return length <= budget ? maxReward : 0;
  };
};
