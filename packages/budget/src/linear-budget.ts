import { type InterpolatedBudgetOptions, interpolatedBudget } from './interpolated-budget.js';
import type { TokenBudget } from './token-budget.js';

/**
 * Straight from the initial to the final budget: B_t = floor(B_0 + (B_T − B_0)·t/T).
 * @throws BudgetError `invalid_option` here; `invalid_moment` from the budget.
 */
export const linearBudget = (options: InterpolatedBudgetOptions = {}): TokenBudget =>
  interpolatedBudget(options, (progress) => progress);
