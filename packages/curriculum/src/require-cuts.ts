import { CurriculumError } from './curriculum-error.js';
import { requireNumber } from './require-number.js';

/** @throws CurriculumError `invalid_option` unless `cuts` are finite numbers in rising order. */
export const requireRising = (
  field: string,
  cuts: readonly number[],
  rule: { above?: number } = {},
): void => {
  for (const [i, cut] of cuts.entries()) {
    requireNumber('invalid_option', `${field}[${i}]`, cut, rule);
    if (i > 0 && cut <= cuts[i - 1])
      throw new CurriculumError(
        'invalid_option',
        `${field}[${i}] is ${cut}: give more than the ${cuts[i - 1]} before it`,
      );
  }
};

/** @throws CurriculumError `invalid_option` unless `names` are distinct, non-empty and one of `counts` many. */
export const requireNames = (names: readonly string[], counts: readonly number[]): void => {
  if (!counts.includes(names.length))
    throw new CurriculumError(
      'invalid_option',
      `names has ${names.length} entries: give ${counts.join(' or ')} to fit the cut points`,
    );
  const repeated = names.find((name, i) => name === '' || names.indexOf(name) !== i);
  if (repeated !== undefined)
    throw new CurriculumError(
      'invalid_option',
      `names has ${JSON.stringify(repeated)} twice or empty: give each tier a name of its own`,
    );
};

/** How many of the rising `cuts` lie strictly below `value`. */
export const cutsBelow = (value: number, cuts: ArrayLike<number>): number => {
  let below = 0;
  while (below < cuts.length && cuts[below] < value) below++;
  return below;
};
