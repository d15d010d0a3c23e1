import type { LengthReward } from './length-reward.js';
import { requireLengths } from './require-lengths.js';
import { requireNumber, TOKENS } from './require-number.js';

export interface LinearPenaltyRewardOptions {
  /**
   * L_cache, over how many tokens beyond the budget the penalty grows; a whole number ≥ 1. Default: a quarter of the
   * budget, rounded up, DAPO's own proportion (4,096 beyond 16,384).
   */
  readonly cacheTokens?: number;
  /** The full penalty, > 0; the reward never falls below −maxPenalty. Default 1 (DAPO). */
  readonly maxPenalty?: number;
}

/**
 * A linear penalty over the budget: DAPO's soft overlong punishment (arXiv 2503.14476, eq. 13) with the budget as the
 * length up to which nothing is punished, B = L_max − L_cache:
 *
 * r = 0 for ℓ ≤ B; maxPenalty·(B − ℓ)/L_cache for B < ℓ ≤ B + L_cache; −maxPenalty beyond. In −maxPenalty..0.
 *
 * @throws BudgetError `invalid_option` here; `invalid_length` from the reward.
 */
export const linearPenaltyReward = ({
  cacheTokens,
  maxPenalty = 1,
}: LinearPenaltyRewardOptions = {}): LengthReward => {
  if (cacheTokens !== undefined) requireNumber('invalid_option', 'cacheTokens', cacheTokens, TOKENS);
  requireNumber('invalid_option', 'maxPenalty', maxPenalty, { above: 0 });
  return (length, budget) => {
    requireLengths(length, budget);
    const cache = cacheTokens ?? Math.ceil(budget / 4);
    if (length <= budget) return 0;
    return length >= budget + cache ? -maxPenalty : (maxPenalty * (budget - length)) / cache;
  };
};
