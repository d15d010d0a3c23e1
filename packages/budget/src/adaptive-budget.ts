import { BudgetError } from './budget-error.js';
import { requireNumber, TOKENS } from './require-number.js';
import type { TokenBudget } from './token-budget.js';

export interface AdaptiveBudgetOptions {
  /** Factor on the budget of the easiest position (q = 0); in 0..2. Default 0.5 (ours). */
  readonly easiestScale?: number;
  /**
   * Factor on the budget of the hardest position (q = 1); ≥ 0. Default 2 − easiestScale, which keeps the mean.
   * With another value the mean budget is (easiestScale + hardestScale)/2 times the base's.
   */
  readonly hardestScale?: number;
  /** The least budget, in tokens; a whole number ≥ 1. Default 1. */
  readonly minTokens?: number;
  /** The greatest budget, in tokens; a whole number ≥ minTokens. Default: none. */
  readonly maxTokens?: number;
  /** A moment without a difficulty gets the base's budget ('base', the default) or a `BudgetError` ('error'). */
  readonly whenUnknown?: 'base' | 'error';
}

/**
 * A budget that also looks at how hard the position is, which the paper's schedule does not (ours; asked for by
 * the paper's reviewers). With B_t the base's budget and q the position's difficulty quantile:
 *
 * B_t(q) = clamp(round(B_t·(easiestScale + (hardestScale − easiestScale)·q)), minTokens, maxTokens)
 *
 * Linear in q, so for q uniform on 0..1, which quantiles are, the mean over a step's positions is B_t
 * (to within half a token of rounding, and as long as no clamp binds): tokens are moved from easy to hard
 * positions, not added.
 *
 * @param base the budget of a position of average difficulty; is given the whole moment
 * @throws BudgetError `invalid_option` here; from the budget `invalid_moment`, for a difficulty outside 0..1
 *   or, with `whenUnknown: 'error'`, for none, and `invalid_length` for a base that gives no whole number of tokens.
 */
export const adaptiveBudget = (
  base: TokenBudget,
  {
    easiestScale = 0.5,
    hardestScale = 2 - easiestScale,
    minTokens = 1,
    maxTokens = Number.MAX_SAFE_INTEGER,
    whenUnknown = 'base',
  }: AdaptiveBudgetOptions = {},
): TokenBudget => {
  requireNumber('invalid_option', 'easiestScale', easiestScale, { min: 0, max: 2 });
  requireNumber('invalid_option', 'hardestScale', hardestScale, { min: 0 });
  requireNumber('invalid_option', 'minTokens', minTokens, TOKENS);
  requireNumber('invalid_option', 'maxTokens', maxTokens, { integer: true, min: minTokens });
  if (whenUnknown !== 'base' && whenUnknown !== 'error')
    throw new BudgetError(
      'invalid_option',
      `whenUnknown is ${JSON.stringify(whenUnknown)}: give "base" or "error"`,
    );
  return (moment) => {
    const tokens = requireNumber('invalid_length', 'base(moment)', base(moment), TOKENS);
    const { difficulty } = moment;
    if (difficulty === undefined) {
      if (whenUnknown === 'base') return Math.min(maxTokens, Math.max(minTokens, tokens));
      throw new BudgetError(
        'invalid_moment',
        'difficulty is missing: give the position’s quantile in 0..1, or set whenUnknown to "base"',
      );
    }
    requireNumber('invalid_moment', 'difficulty', difficulty, { min: 0, max: 1 });
    const scale = easiestScale + (hardestScale - easiestScale) * difficulty;
    return Math.min(maxTokens, Math.max(minTokens, Math.round(tokens * scale)));
  };
};
