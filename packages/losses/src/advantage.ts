/** Advantages of all the branches of a step. */
export interface Advantages {
  /** One number a branch, in the order of the rewards; 0 for a branch whose group is dropped. */
  readonly advantages: Float32Array;
  /** Whether each branch takes part in the update. */
  readonly kept: readonly boolean[];
}

/**
 * Turns rewards into advantages. `rewards` holds group after group, `groupSize` branches each (all branches of
 * one position). The contract that `@midtrain/core` asks for.
 */
export type AdvantageEstimator = (rewards: Float32Array, groupSize: number) => Advantages;
