import { CurriculumError, type CurriculumErrorCode } from './curriculum-error.js';

/** What a number must be: an integer or any finite number, at least `min` (or above `above`), at most `max`. */
interface NumberRule {
  readonly integer?: boolean;
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
}

const describeRule = ({ integer, min, above, max }: NumberRule): string => {
  const bounds = [
    min === undefined ? '' : `at least ${min}`,
    above === undefined ? '' : `above ${above}`,
    max === undefined ? '' : `at most ${max}`,
  ].filter((bound) => bound !== '');
  return [integer ? 'a whole number' : 'a finite number', bounds.join(' and ')].join(' ').trim();
};

/** Returns `value`; throws a `CurriculumError` with `code` that names `field` where the rule does not hold. */
export const requireNumber = (
  code: CurriculumErrorCode,
  field: string,
  value: unknown,
  rule: NumberRule = {},
): number => {
  if (
    typeof value === 'number' &&
    (rule.integer ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
    (rule.min === undefined || value >= rule.min) &&
    (rule.above === undefined || value > rule.above) &&
    (rule.max === undefined || value <= rule.max)
  )
    return value;
  const shown = typeof value === 'number' ? String(value) : typeof value;
  throw new CurriculumError(code, `${field} is ${shown}: give ${describeRule(rule)}`);
};
