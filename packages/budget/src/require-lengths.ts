import { requireNumber, TOKENS } from './require-number.js';

/** @throws BudgetError `invalid_length` unless length is a whole number ≥ 0 and budget one ≥ 1. */
export const requireLengths = (length: number, budget: number): void => {
  requireNumber('invalid_length', 'length', length, { integer: true, min: 0 });
  requireNumber('invalid_length', 'budget', budget, TOKENS);
};
