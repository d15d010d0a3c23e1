/**
 * The smallest weight that top-k and top-p keep.
 *
 * @param weights exp(logit − max) of the tokens that top-k left, in descending order when `sorted`
 * @param topP tokens stay while those before them hold less than this share, 0 < topP ≤ 1
 */
export function smallestKept(weights: Float32Array, sorted: boolean, topP: number): number {
  if (topP >= 1) return sorted ? weights[weights.length - 1] : 0;
  let total = 0;
  for (let index = 0; index < weights.length; index++) total += weights[index];
  const descending = sorted ? weights : candidates(weights, (total * (1 - topP)) / weights.length);
  let before = 0;
  for (let index = 0; index < descending.length; index++) {
    if (before >= total * topP) return descending[index - 1];
    before += descending[index];
  }
  return descending[descending.length - 1];
}

/** Weights above a floor, sorted. All those below it hold less than 1 − topP together, so top-p drops them anyway. */
const candidates = (weights: Float32Array, floor: number): Float32Array =>
  weights
    .filter((weight) => weight >= floor)
    .sort()
    .reverse();

/**
 * The first index at which the running sum of the weights that are at least `smallest` exceeds uniform · total.
 *
 * @param uniform in [0, 1)
 */
export function drawFrom(weights: Float32Array, smallest: number, uniform: number): number {
  let total = 0;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] >= smallest) total += weights[index];
  }
  const bound = uniform * total;
  let sum = 0;
  let last = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index];
    if (weight < smallest || weight === 0) continue;
    sum += weight;
    last = index;
    if (sum > bound) return index;
  }
  return last;
}
