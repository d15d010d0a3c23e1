import type { PlannedRun } from '../plan.js';

/** Who does the runs of a plan. */
export interface Performer {
  /** Runs that it does at a time. */
  readonly atOnce: number;
  /**
   * Does a run to its end.
   *
   * @throws InterruptedError once what is under way is safe, where it was stopped
   */
  perform(run: PlannedRun): Promise<void>;
  /** Asks those under way to stop after their step. */
  stop(): void;
  /** Gives back what it holds; nothing is under way any more. */
  close(): void;
}
