import { chooseTier, type WhenEmpty } from './choose-tier.js';
import type { Curriculum, Drawn } from './curriculum.js';
import { CurriculumError } from './curriculum-error.js';
import { piecewiseLinearTierSchedule } from './piecewise-linear-tier-schedule.js';
import { requireChoice } from './require-choice.js';
import { requireDistribution } from './require-distribution.js';
import { requireEnough, type WhenShort } from './require-enough.js';
import { requireMoment } from './require-moment.js';
import { requireNumber } from './require-number.js';
import { thresholdTiers } from './threshold-tiers.js';
import type { TierAssignment } from './tier-assignment.js';
import { type Replacement, tierPools } from './tier-pools.js';
import type { TierSchedule } from './tier-schedule.js';
import { toDraw } from './to-draw.js';

export interface TieredCurriculumOptions {
  /** How candidates fall into tiers. Default `thresholdTiers()`. */
  readonly tiers?: TierAssignment;
  /** p_t, one probability a tier. Default `piecewiseLinearTierSchedule()`. */
  readonly schedule?: TierSchedule;
  /** Whether a candidate may be drawn more than once in a step. Default 'without' (ours: C is a set in the paper). */
  readonly replacement?: Replacement;
  /** What happens where a tier has no candidate, or none left. Default 'renormalise' (ours: not published). */
  readonly whenEmpty?: WhenEmpty;
  /** What happens where fewer than `count` can be drawn. Default 'fewer' (ours). */
  readonly whenShort?: WhenShort;
}

/**
 * The paper's curriculum-based adaptive sampling (RMT, arXiv 2509.24375), in two stages, `count` times over: a tier
 * from Categorical(p_t), then one of that tier's candidates, each equally likely. Two random numbers a draw.
 *
 * The same candidates in the same order, with `random` in the same state, give the same draw.
 *
 * @returns a curriculum; its `draw` throws CurriculumError `invalid_moment`, `invalid_input` for a difficulty
 *   that is not finite, and `empty_tier` or `too_few_candidates` where the options ask for errors.
 * @throws CurriculumError `invalid_option`
 */
export const tieredCurriculum = ({
  tiers = thresholdTiers(),
  schedule = piecewiseLinearTierSchedule(),
  replacement = 'without',
  whenEmpty = 'renormalise',
  whenShort = 'fewer',
}: TieredCurriculumOptions = {}): Curriculum => {
  requireChoice('replacement', replacement, ['with', 'without']);
  requireChoice('whenEmpty', whenEmpty, ['renormalise', 'nearest', 'error']);
  requireChoice('whenShort', whenShort, ['fewer', 'error']);
  const { names } = tiers;
  return {
    draw: (candidates, moment, random) => {
      requireMoment(moment);
      requireNumber('invalid_moment', 'count', moment.count, { integer: true, min: 0 });
      const probabilities = schedule(moment);
      if (probabilities.length !== names.length)
        throw new CurriculumError(
          'invalid_option',
          `schedule gives ${probabilities.length} probabilities: give ${names.length}, one a tier (${names.join(', ')})`,
        );
      requireDistribution('invalid_option', 'schedule', probabilities);

      const pools = tierPools(candidates, tiers, replacement);
      const chosen: Drawn[] = [];
      while (chosen.length < moment.count) {
        const sizes = names.map((_, tier) => pools.size(tier));
        const tier = chooseTier(probabilities, sizes, names, whenEmpty, random);
        if (tier === -1) break;
        chosen.push({ ...pools.take(tier, random), tier });
      }
      requireEnough(chosen.length, moment.count, whenShort);
      return toDraw(chosen, names);
    },
  };
};
