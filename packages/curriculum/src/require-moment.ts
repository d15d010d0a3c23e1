import { requireNumber } from './require-number.js';
import type { ScheduleMoment } from './tier-schedule.js';

/** @throws CurriculumError `invalid_moment` unless totalSteps is a whole number ≥ 1 and step one in 0..totalSteps. */
export const requireMoment = ({ step, totalSteps }: ScheduleMoment): void => {
  requireNumber('invalid_moment', 'totalSteps', totalSteps, { integer: true, min: 1 });
  requireNumber('invalid_moment', 'step', step, { integer: true, min: 0, max: totalSteps });
};
