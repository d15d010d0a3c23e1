/**
 * Sorts candidates into tiers by their difficulty. Tiers go from easy (0) to hard.
 */
export interface TierAssignment {
  /** The tiers' names, easiest first; at least one. */
  readonly names: readonly string[];
  /**
   * The tier of each difficulty, an index into `names`, or −1 for one that belongs to no tier.
   * @param difficulties of all of a step's candidates, finite; nats when they are entropies or losses
   */
  assign(difficulties: ArrayLike<number>): Int32Array;
}
