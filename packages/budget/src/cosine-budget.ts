import { type InterpolatedBudgetOptions, interpolatedBudget } from './interpolated-budget.js';
import type { TokenBudget } from './token-budget.js';

/**
 * Half a cosine from the initial to the final budget: B_t = floor(B_T + (B_0 − B_T)·(1 + cos(π·t/T))/2),
 * the annealing of SGDR (arXiv 1608.03983, eq. 5) applied to tokens: slow at both ends, fastest in the middle.
 * @throws BudgetError `invalid_option` here; `invalid_moment` from the budget.
 */
export const cosineBudget = (options: InterpolatedBudgetOptions = {}): TokenBudget =>
  interpolatedBudget(options, (progress) => (1 - Math.cos(Math.PI * progress)) / 2);
