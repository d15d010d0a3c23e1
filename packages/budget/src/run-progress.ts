import { requireNumber } from './require-number.js';
import type { BudgetMoment } from './token-budget.js';

/**
 * The share t/T of the run that is done, in 0..1.
 * @throws BudgetError `invalid_moment` unless totalSteps is a whole number ≥ 1 and step one in 0..totalSteps.
 */
export const runProgress = ({ step, totalSteps }: BudgetMoment): number => {
  requireNumber('invalid_moment', 'totalSteps', totalSteps, { integer: true, min: 1 });
  requireNumber('invalid_moment', 'step', step, { integer: true, min: 0, max: totalSteps });
  return step / totalSteps;
};
