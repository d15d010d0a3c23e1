import { floorTokens } from './floor-tokens.js';
import { requireNumber, TOKENS } from './require-number.js';
import { runProgress } from './run-progress.js';
import type { TokenBudget } from './token-budget.js';

/** Where a schedule between two budgets starts and ends. */
export interface InterpolatedBudgetOptions {
  /** The budget at t = 0, in tokens; a whole number ≥ 1. Default 800, the paper's B_0. */
  readonly initialTokens?: number;
  /** The budget at t = T, in tokens; a whole number ≥ 1, below or above the initial one. Default 160, the paper's B_0·γ. */
  readonly finalTokens?: number;
}

/** floor(initial + (final − initial)·shape(t/T)), for a shape that goes from 0 to 1; floors as the paper's schedule does. */
export const interpolatedBudget = (
  { initialTokens = 800, finalTokens = 160 }: InterpolatedBudgetOptions,
  shape: (progress: number) => number,
): TokenBudget => {
  requireNumber('invalid_option', 'initialTokens', initialTokens, TOKENS);
  requireNumber('invalid_option', 'finalTokens', finalTokens, TOKENS);
  const low = Math.min(initialTokens, finalTokens);
  const high = Math.max(initialTokens, finalTokens);
  return (moment) => {
    const share = shape(runProgress(moment));
    const tokens = initialTokens + (finalTokens - initialTokens) * share;
    // Errors scale with the larger end, not with the (perhaps small) value between.
    const relativeError = (4 * Number.EPSILON * high) / Math.max(1, tokens);
    return Math.min(high, Math.max(low, floorTokens(tokens, relativeError)));
  };
};
