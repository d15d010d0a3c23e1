/** Where a run stands when a schedule is asked. */
export interface ScheduleMoment {
  /** Step about to run, from 0. */
  readonly step: number;
  /** All steps of the run, T ≥ 1. */
  readonly totalSteps: number;
}

/** p_t: how likely each tier is to be drawn from at this moment; one number in 0..1 a tier, easiest first, sum 1. */
export type TierSchedule = (moment: ScheduleMoment) => readonly number[];
