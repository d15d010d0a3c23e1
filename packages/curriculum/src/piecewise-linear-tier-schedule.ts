import { CurriculumError } from './curriculum-error.js';
import { requireDistribution } from './require-distribution.js';
import { requireMoment } from './require-moment.js';
import { requireNumber } from './require-number.js';
import type { TierSchedule } from './tier-schedule.js';

export interface PiecewiseLinearTierScheduleOptions {
  /** p_1, before the first transition; one probability a tier. Default [0.45, 0.45, 0.10] (ours: not published). */
  readonly from?: readonly number[];
  /** p_2, after the second transition. Default [0.10, 0.20, 0.70] (ours: not published). */
  readonly to?: readonly number[];
  /** t_1 as a share of T, in 0..1. Default 0.3 (PAPER). */
  readonly start?: number;
  /** t_2 as a share of T, above `start`, at most 1. Default 0.7 (PAPER). */
  readonly end?: number;
}

/**
 * The paper's schedule over tiers (RMT, arXiv 2509.24375): p_t = p_1 for t < t_1; (1−τ)·p_1 + τ·p_2 with
 * τ = (t − t_1)/(t_2 − t_1) for t_1 ≤ t < t_2; p_2 from t_2 on. The paper says of p_1 that it favours easy
 * and medium, and of p_2 that it favours hard; its values are not published.
 *
 * @throws CurriculumError `invalid_option` here; `invalid_moment` from the schedule.
 */
export const piecewiseLinearTierSchedule = ({
  from = [0.45, 0.45, 0.1],
  to = [0.1, 0.2, 0.7],
  start = 0.3,
  end = 0.7,
}: PiecewiseLinearTierScheduleOptions = {}): TierSchedule => {
  requireDistribution('invalid_option', 'from', from);
  requireDistribution('invalid_option', 'to', to);
  if (from.length !== to.length)
    throw new CurriculumError(
      'invalid_option',
      `to has ${to.length} entries: give ${from.length}, as many as from has`,
    );
  requireNumber('invalid_option', 'start', start, { min: 0, max: 1 });
  requireNumber('invalid_option', 'end', end, { above: start, max: 1 });
  return (moment) => {
    requireMoment(moment);
    const { step, totalSteps } = moment;
    const [firstStep, secondStep] = [start * totalSteps, end * totalSteps];
    if (step < firstStep) return from;
    if (step >= secondStep) return to;
    const tau = (step - firstStep) / (secondStep - firstStep);
    return from.map((p, tier) => (1 - tau) * p + tau * to[tier]);
  };
};
