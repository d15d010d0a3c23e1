import { BudgetError, type BudgetErrorCode } from './budget-error.js';

/** What a number must be: an integer or any finite number, at least `min` (or above `above`), at most `max`. */
interface NumberRule {
  readonly integer?: boolean;
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
}

/** A whole number of tokens that may serve as a budget. */
export const TOKENS: NumberRule = { integer: true, min: 1 };

const describeRule = ({ integer, min, above, max }: NumberRule): string => {
  const bounds = [
    min === undefined ? '' : `at least ${min}`,
    above === undefined ? '' : `above ${above}`,
    max === undefined ? '' : `at most ${max}`,
  ].filter((bound) => bound !== '');
  return [integer ? 'a whole number' : 'a finite number', bounds.join(' and ')].join(' ').trim();
};

/** Returns `value`; throws a `BudgetError` with `code` that names `field` where the rule does not hold. */
export const requireNumber = (
  code: BudgetErrorCode,
  field: string,
  value: number,
  rule: NumberRule,
): number => {
  const holds =
    typeof value === 'number' &&
    (rule.integer ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
    (rule.min === undefined || value >= rule.min) &&
    (rule.above === undefined || value > rule.above) &&
    (rule.max === undefined || value <= rule.max);
  if (holds) return value;
  const shown = typeof value === 'number' ? String(value) : typeof value;
  throw new BudgetError(code, `${field} is ${shown}: give ${describeRule(rule)}`);
};
