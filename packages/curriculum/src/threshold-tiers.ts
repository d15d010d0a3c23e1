import { cutsBelow, requireNames, requireRising } from './require-cuts.js';
import type { TierAssignment } from './tier-assignment.js';

export interface ThresholdTiersOptions {
  /** Cut points in rising order, in the unit of the difficulty. Default [0.5, 1.0, 1.5] nats, RPT's. */
  readonly thresholds?: readonly number[];
  /** Names of the tiers, easiest first: one for each threshold, or one more. Default easy, medium, hard. */
  readonly names?: readonly string[];
}

/** What a tier spans: difficulties above `from`, up to and including `to`. */
export interface TierRange {
  readonly name: string;
  /** Exclusive; −Infinity for a lowest tier without a bound. */
  readonly from: number;
  /** Inclusive; Infinity for the hardest tier. */
  readonly to: number;
}

/** Tiers that are the same at every step, and therefore have ranges to report. */
export interface RangedTiers extends TierAssignment {
  readonly ranges: readonly TierRange[];
}

/**
 * Disjoint tiers by fixed cut points; the same at every step, so a model that learns moves tokens to easier tiers.
 *
 * With as many names as thresholds, tier i spans (thresholds[i], thresholds[i+1]], the last has no upper end, and
 * what is not above the first threshold belongs to no tier: too easy to be worth a thought. With one name more, the
 * first tier is everything up to and including the first threshold.
 *
 * RPT (arXiv 2506.08007) evaluates on entropies > 0.5, > 1.0 and > 1.5 for easy, medium and hard, sets of which each
 * holds the next; here each token is in one tier. RMT does not publish its thresholds.
 *
 * @throws CurriculumError `invalid_option`
 */
export const thresholdTiers = ({
  thresholds = [0.5, 1.0, 1.5],
  names = ['easy', 'medium', 'hard'],
}: ThresholdTiersOptions = {}): RangedTiers => {
  requireRising('thresholds', thresholds);
  requireNames(names, thresholds.length === 0 ? [1] : [thresholds.length, thresholds.length + 1]);
  const ends = [...thresholds, Number.POSITIVE_INFINITY];
  const starts = [Number.NEGATIVE_INFINITY, ...thresholds];
  const untiered = ends.length - names.length;
  return {
    names: [...names],
    ranges: names.map((name, i) => ({ name, from: starts[i + untiered], to: ends[i + untiered] })),
    assign: (difficulties) =>
      Int32Array.from(difficulties, (difficulty) => cutsBelow(difficulty, thresholds) - untiered),
  };
};
