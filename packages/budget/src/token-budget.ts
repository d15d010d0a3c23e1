/** Where a run stands, and how hard a position is, when a budget is asked for. */
export interface BudgetMoment {
  /** Step about to run, from 0. */
  readonly step: number;
  /** All steps of the run, T ≥ 1. */
  readonly totalSteps: number;
  /**
   * How hard this position is among the step's candidates: its quantile, 0 (easiest) to 1 (hardest).
   * Absent when the caller has no measure of it; budgets that only look at the step ignore it.
   */
  readonly difficulty?: number;
}

/**
 * A token budget B_t: how many tokens a thought may take at this moment, an integer ≥ 1.
 * The contract that `@midtrain/core` asks for; every schedule in this package returns one.
 */
export type TokenBudget = (moment: BudgetMoment) => number;
