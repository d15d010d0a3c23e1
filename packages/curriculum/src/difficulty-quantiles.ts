/**
 * Where each difficulty stands among all of them: 0 for the easiest, 1 for the hardest, evenly spread between; equal
 * ones share the middle of their places, a single one is at 0.5. The mean is 0.5. What `@midtrain/budget`'s
 * adaptive budget asks for.
 *
 * @param difficulties finite numbers, in any unit
 * @returns quantiles in 0..1, in the order given
 */
export const difficultyQuantiles = (difficulties: ArrayLike<number>): Float64Array => {
  const count = difficulties.length;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => difficulties[a] - difficulties[b]);
  const quantiles = new Float64Array(count).fill(0.5);
  if (count < 2) return quantiles;
  for (let first = 0; first < count; ) {
    let last = first;
    while (last + 1 < count && difficulties[order[last + 1]] === difficulties[order[first]]) last++;
    for (let i = first; i <= last; i++) quantiles[order[i]] = (first + last) / 2 / (count - 1);
    first = last + 1;
  }
  return quantiles;
};
