import type { Curriculum, Drawn } from './curriculum.js';
import { requireChoice } from './require-choice.js';
import { requireEnough, type WhenShort } from './require-enough.js';
import { requireMoment } from './require-moment.js';
import { requireNumber } from './require-number.js';
import { thresholdTiers } from './threshold-tiers.js';
import type { TierAssignment } from './tier-assignment.js';
import { type Replacement, tierPools } from './tier-pools.js';
import { toDraw } from './to-draw.js';
import { uniformInt } from './uniform-int.js';

export interface UniformCurriculumOptions {
  /**
   * Tiers for the report alone, so that an ablation's shares compare with a curriculum's; candidates outside all tiers
   * are not drawn. Default: one tier, 'all', that holds every candidate.
   */
  readonly tiers?: TierAssignment;
  /** Whether a candidate may be drawn more than once in a step. Default 'without'. */
  readonly replacement?: Replacement;
  /** What happens where fewer than `count` can be drawn. Default 'fewer'. */
  readonly whenShort?: WhenShort;
}

/**
 * No curriculum: every candidate is equally likely at every step. The ablation to compare a curriculum with.
 *
 * @returns a curriculum; its `draw` throws CurriculumError `invalid_moment`, `invalid_input` for a difficulty
 *   that is not finite, and `too_few_candidates` where the options ask for it.
 * @throws CurriculumError `invalid_option`
 */
export const uniformCurriculum = ({
  tiers = thresholdTiers({ thresholds: [], names: ['all'] }),
  replacement = 'without',
  whenShort = 'fewer',
}: UniformCurriculumOptions = {}): Curriculum => {
  requireChoice('replacement', replacement, ['with', 'without']);
  requireChoice('whenShort', whenShort, ['fewer', 'error']);
  const { names } = tiers;
  return {
    draw: (candidates, moment, random) => {
      requireMoment(moment);
      requireNumber('invalid_moment', 'count', moment.count, { integer: true, min: 0 });
      const pools = tierPools(candidates, tiers, replacement);
      const chosen: Drawn[] = [];
      while (chosen.length < moment.count) {
        const sizes = names.map((_, tier) => pools.size(tier));
        const total = sizes.reduce((sum, size) => sum + size, 0);
        if (total === 0) break;
        // Uniform over candidates is a tier in proportion to its size, then uniform within.
        let tier = 0;
        for (let place = uniformInt(total, random); place >= sizes[tier]; tier++) place -= sizes[tier];
        chosen.push({ ...pools.take(tier, random), tier });
      }
      requireEnough(chosen.length, moment.count, whenShort);
      return toDraw(chosen, names);
    },
  };
};
