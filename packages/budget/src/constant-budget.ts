import { requireNumber, TOKENS } from './require-number.js';
import { runProgress } from './run-progress.js';
import type { TokenBudget } from './token-budget.js';

export interface ConstantBudgetOptions {
  /** The budget of every step, in tokens; a whole number ≥ 1. */
  readonly tokens: number;
}

/**
 * The same budget at every step: the baseline that a schedule is compared with.
 * @throws BudgetError `invalid_option` here; `invalid_moment` from the budget.
 */
export const constantBudget = ({ tokens }: ConstantBudgetOptions): TokenBudget => {
  requireNumber('invalid_option', 'tokens', tokens, TOKENS);
  return (moment) => {
    runProgress(moment);
    return tokens;
  };
};
