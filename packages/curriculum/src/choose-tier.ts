import { CurriculumError } from './curriculum-error.js';
import type { RandomSource } from './random-source.js';

/**
 * What happens where a tier has no candidate, or none left:
 * - 'renormalise': it gets probability 0, the others share its part in proportion. A tier of probability 0 is never
 *   drawn from, so the draw ends when only such tiers have candidates.
 * - 'nearest': the tier is drawn from p_t as it is; an empty one hands over to the nearest that has a candidate,
 *   the easier of two equally near.
 * - 'error': a `CurriculumError` with code `empty_tier` as soon as an empty tier is drawn.
 */
export type WhenEmpty = 'renormalise' | 'nearest' | 'error';

/** An index in proportion to its weight; at least one weight is above 0. Draws one number. */
const categorical = (weights: readonly number[], random: RandomSource): number => {
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  let last = 0;
  for (const [index, weight] of weights.entries()) {
    if (weight === 0) continue;
    if (left < weight) return index;
    left -= weight;
    last = index;
  }
  // Only rounding in the subtractions leads here.
  return last;
};

const nearestWithCandidates = (tier: number, sizes: readonly number[]): number => {
  for (let distance = 0; distance < sizes.length; distance++) {
    if (sizes[tier - distance] > 0) return tier - distance;
    if (sizes[tier + distance] > 0) return tier + distance;
  }
  return -1;
};

/**
 * Tier ~ Categorical(probabilities), minding empty tiers; −1 when there is nothing to draw from.
 * @param sizes how many candidates each tier has
 */
export const chooseTier = (
  probabilities: readonly number[],
  sizes: readonly number[],
  tierNames: readonly string[],
  whenEmpty: WhenEmpty,
  random: RandomSource,
): number => {
  if (whenEmpty === 'renormalise') {
    const weights = probabilities.map((p, tier) => (sizes[tier] > 0 ? p : 0));
    return weights.some((weight) => weight > 0) ? categorical(weights, random) : -1;
  }
  const tier = categorical(probabilities, random);
  if (whenEmpty === 'nearest') return nearestWithCandidates(tier, sizes);
  if (sizes[tier] === 0)
    throw new CurriculumError(
      'empty_tier',
      `tier ${JSON.stringify(tierNames[tier])} has no candidate left: give more candidates, other tiers, or set whenEmpty to "renormalise" or "nearest"`,
    );
  return tier;
};
