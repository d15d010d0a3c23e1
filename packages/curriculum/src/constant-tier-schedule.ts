import { requireDistribution } from './require-distribution.js';
import { requireMoment } from './require-moment.js';
import type { TierSchedule } from './tier-schedule.js';

/**
 * The same distribution over tiers at every step: the two-stage draw without a curriculum over time.
 * @throws CurriculumError `invalid_option` here; `invalid_moment` from the schedule.
 */
export const constantTierSchedule = (probabilities: readonly number[]): TierSchedule => {
  requireDistribution('invalid_option', 'probabilities', probabilities);
  return (moment) => {
    requireMoment(moment);
    return probabilities;
  };
};
