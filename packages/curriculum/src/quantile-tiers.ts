import { CurriculumError } from './curriculum-error.js';
import { cutsBelow, requireNames, requireRising } from './require-cuts.js';
import type { TierAssignment } from './tier-assignment.js';

export interface QuantileTiersOptions {
  /** Cut points as quantiles of a step's difficulties, rising, in (0, 1). Default [1/3, 2/3]. */
  readonly quantiles?: readonly number[];
  /** Names of the tiers, easiest first, one more than quantiles. Default easy, medium, hard. */
  readonly names?: readonly string[];
}

/** The q-quantile of sorted values, interpolated linearly between neighbours (type 7 of Hyndman and Fan, NumPy's default). */
const quantileOf = (sorted: Float64Array, q: number): number => {
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
};

/**
 * Tiers of a fixed share of each step's candidates, whatever the unit of their difficulty: a tier holds the difficulties
 * above its lower quantile, up to and including its upper one. Every candidate belongs to a tier; equal
 * difficulties to the same one, so if all are equal, all are in the easiest.
 *
 * @throws CurriculumError `invalid_option`
 */
export const quantileTiers = ({
  quantiles = [1 / 3, 2 / 3],
  names = ['easy', 'medium', 'hard'],
}: QuantileTiersOptions = {}): TierAssignment => {
  requireRising('quantiles', quantiles, { above: 0 });
  const last = quantiles.at(-1);
  if (last !== undefined && last >= 1)
    throw new CurriculumError('invalid_option', `quantiles has ${last}: give numbers below 1`);
  requireNames(names, [quantiles.length + 1]);
  return {
    names: [...names],
    assign: (difficulties) => {
      const sorted = Float64Array.from(difficulties).sort();
      const cuts = quantiles.map((q) => quantileOf(sorted, q));
      return Int32Array.from(difficulties, (difficulty) => cutsBelow(difficulty, cuts));
    },
  };
};
