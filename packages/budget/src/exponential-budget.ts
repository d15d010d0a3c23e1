import { floorTokens } from './floor-tokens.js';
import { requireNumber, TOKENS } from './require-number.js';
import { runProgress } from './run-progress.js';
import type { TokenBudget } from './token-budget.js';

export interface ExponentialBudgetOptions {
  /** B_0, the budget of step 0, in tokens; a whole number ≥ 1. Default 800 (PAPER). */
  readonly initialTokens?: number;
  /** γ, the share of B_0 that is left at t = T; in (0, 1]. Default 0.2 (PAPER). */
  readonly decay?: number;
  /** B_min, the least budget, in tokens; a whole number ≥ 1. Default 1 (PAPER). */
  readonly minTokens?: number;
}

/**
 * The paper's dynamic token budget (RMT, arXiv 2509.24375): B_t = max(B_min, floor(B_0·γ^(t/T))).
 * Never rises, starts at max(B_min, B_0), and is floor(B_0·γ) or B_min at t = T.
 *
 * The floor forgives rounding: the relative error of B_0·γ^(t/T) in doubles is below (4 + |ln γ|)·2^-52
 * (t/T is rounded once, which the power multiplies by |ln γ|), and a value this close to a whole number is that number.
 *
 * @throws BudgetError `invalid_option` here; `invalid_moment` from the budget.
 */
export const exponentialBudget = ({
  initialTokens = 800,
  decay = 0.2,
  minTokens = 1,
}: ExponentialBudgetOptions = {}): TokenBudget => {
  requireNumber('invalid_option', 'initialTokens', initialTokens, TOKENS);
  requireNumber('invalid_option', 'decay', decay, { above: 0, max: 1 });
  requireNumber('invalid_option', 'minTokens', minTokens, TOKENS);
  const relativeError = (4 + Math.abs(Math.log(decay))) * Number.EPSILON;
  return (moment) =>
    Math.max(minTokens, floorTokens(initialTokens * decay ** runProgress(moment), relativeError));
};
