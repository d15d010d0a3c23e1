import { requireNumber } from './require-number.js';

/**
 * Where each difficulty stands among all of them: 0 for the easiest, 1 for the hardest, evenly spread between; equal
 * ones share the middle of their places, a single one is at 0.5. The mean is 0.5. What `@midtrain/budget`'s
 * adaptive budget asks for.
 *
 * @param difficulties finite numbers, in any unit; NaN for what is no candidate, as signals give it
 * @returns quantiles in 0..1, in the order given; NaN for NaN, which takes no place among the others
 * @throws CurriculumError `invalid_input` for an infinite difficulty
 */
export const difficultyQuantiles = (difficulties: ArrayLike<number>): Float64Array => {
  const order = Array.from({ length: difficulties.length }, (_, i) => i)
    .filter((i) => !Number.isNaN(difficulties[i]))
    .sort((a, b) => difficulties[a] - difficulties[b]);
  const quantiles = new Float64Array(difficulties.length).fill(Number.NaN);
  for (let first = 0; first < order.length; ) {
    requireNumber('invalid_input', `difficulties[${order[first]}]`, difficulties[order[first]]);
    let last = first;
    while (last + 1 < order.length && difficulties[order[last + 1]] === difficulties[order[first]]) last++;
    const quantile = order.length === 1 ? 0.5 : (first + last) / 2 / (order.length - 1);
    for (let i = first; i <= last; i++) quantiles[order[i]] = quantile;
    first = last + 1;
  }
  return quantiles;
};
