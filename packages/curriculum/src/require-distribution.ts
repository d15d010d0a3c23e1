import { CurriculumError, type CurriculumErrorCode } from './curriculum-error.js';
import { requireNumber } from './require-number.js';

/** Room for thirds and the like, written with a few digits less than a double has. */
const SUM_TOLERANCE = 1e-6;

/** @throws CurriculumError with `code` unless the numbers are in 0..1 and sum to 1 (to within 1e-6). */
export const requireDistribution = (
  code: CurriculumErrorCode,
  field: string,
  probabilities: readonly number[],
): void => {
  for (const [i, p] of probabilities.entries()) requireNumber(code, `${field}[${i}]`, p, { min: 0, max: 1 });
  const sum = probabilities.reduce((total, p) => total + p, 0);
  if (Math.abs(sum - 1) > SUM_TOLERANCE)
    throw new CurriculumError(code, `${field} sums to ${sum}: give one probability a tier, with the sum 1`);
};
