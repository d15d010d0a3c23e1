import type { Candidate } from './curriculum.js';
import { CurriculumError } from './curriculum-error.js';
import type { RandomSource } from './random-source.js';
import { requireNumber } from './require-number.js';
import type { TierAssignment } from './tier-assignment.js';
import { uniformInt } from './uniform-int.js';

/** With 'with', a candidate may be drawn again; with 'without', it leaves its tier when drawn. */
export type Replacement = 'with' | 'without';

/** The candidates of a step, by tier, as they are drawn from. */
export interface TierPools {
  /** How many candidates a tier still has. */
  size(tier: number): number;
  /** One of the tier's candidates, each equally likely; the tier must have one. */
  take(tier: number, random: RandomSource): Candidate;
}

/**
 * @throws CurriculumError `invalid_input` for a candidate whose difficulty is not finite; `invalid_option` for tiers that
 *   name an index they have no name for
 */
export const tierPools = (
  candidates: readonly Candidate[],
  tiers: TierAssignment,
  replacement: Replacement,
): TierPools => {
  const difficulties = candidates.map(({ difficulty }, i) =>
    requireNumber('invalid_input', `candidates[${i}].difficulty`, difficulty),
  );
  const pools: Candidate[][] = tiers.names.map(() => []);
  tiers.assign(difficulties).forEach((tier, i) => {
    if (tier >= pools.length)
      throw new CurriculumError(
        'invalid_option',
        `tiers put a difficulty into tier ${tier}: give an index into its ${pools.length} names, or -1 for none`,
      );
    if (tier >= 0) pools[tier].push(candidates[i]);
  });
  return {
    size: (tier) => pools[tier].length,
    take: (tier, random) => {
      const pool = pools[tier];
      const place = uniformInt(pool.length, random);
      const taken = pool[place];
      if (replacement === 'without') {
        // Order within a pool means nothing, so the last may fill the gap.
        pool[place] = pool[pool.length - 1];
        pool.pop();
      }
      return taken;
    },
  };
};
