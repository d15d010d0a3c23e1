/**
 * The smallest weight that top-k and top-p keep.
 *
 * @param weights exp(logit − max) of the tokens that top-k left, in descending order when `sorted`
 * @param topP tokens stay while those before them hold less than this share, 0 < topP ≤ 1
 */
export function smallestKept(weights: Float32Array, sorted: boolean, topP: number): number {
  if (topP >= 1) return sorted ? weights[weights.length - 1] : 0;
  const total = sumAtLeast(weights, 0);
  const descending = sorted ? weights : candidates(weights, (total * (1 - topP)) / weights.length);
  // None of them is a number.
  if (descending.length === 0) return 0;
  let before = 0;
  for (let index = 0; index < descending.length; index++) {
    if (before >= total * topP) return descending[index - 1];
    before += descending[index];
  }
  return descending[descending.length - 1];
}

/** Weights above a floor, sorted. All those below it hold less than 1 − topP together, so top-p drops them anyway. */
function candidates(weights: Float32Array, floor: number): Float32Array {
  const found = new Float32Array(weights.length);
  let count = 0;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] >= floor) found[count++] = weights[index];
  }
  return found.subarray(0, count).sort().reverse();
}

/** The sum of the weights that are not below `smallest`. */
export function sumAtLeast(weights: Float32Array, smallest: number): number {
  let total = 0;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] >= smallest) total += weights[index];
  }
  return total;
}

/**
 * The first index at which the running sum of the weights not below `smallest` exceeds the bound; when rounding keeps
 * the sum from it, the last one with any weight. 0 where none has one, as where logits are not numbers.
 */
export function firstPast(weights: Float32Array, smallest: number, bound: number): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index];
    if (weight >= smallest) sum += weight;
    if (sum > bound) return index;
  }
  return Math.max(
    0,
    weights.findLastIndex((weight) => weight > 0 && weight >= smallest),
  );
}
