import { CurriculumError } from './curriculum-error.js';
import type { DifficultySignal } from './difficulty-signal.js';
import { entropySignal } from './entropy-signal.js';
import { requireNumber } from './require-number.js';
import { restoreInner } from './restore-inner.js';
import { restoreRewardHistory, rewardHistory } from './reward-history.js';

export interface RewardSpreadSignalOptions {
  /** The difficulty of a position that was rewarded fewer than twice so far. Default `entropySignal()`. */
  readonly fallback?: DifficultySignal;
  /**
   * Factor on the spread, > 0, to bring it to the fallback's unit. Default 1. Rewards in 0..1 spread by at most 0.5, so
   * with RPT's thresholds in nats a scale of 4 puts evenly right and wrong positions (2.0) among the hard.
   */
  readonly scale?: number;
  /** Weight left to earlier rewards each time a position is rewarded again, in (0, 1]. Default 1: all count the same. */
  readonly keep?: number;
}

/**
 * How much past rewards differ at a position: scale · their standard deviation (population, weighted by `keep`). Greatest
 * where the policy is right about half of the time, which is where a group's advantages are not all zero; 0 where it
 * is always right or always wrong (ours; reviewers asked for difficulty beyond entropy).
 *
 * Learns through `observe`; its state, and its fallback's, goes into a checkpoint. Holds three numbers for each
 * position that was ever rewarded.
 *
 * @returns a signal; `observe` throws CurriculumError `invalid_input`, `restore` throws `invalid_state`
 * @throws CurriculumError `invalid_option`
 */
export const rewardSpreadSignal = ({
  fallback = entropySignal(),
  scale = 1,
  keep = 1,
}: RewardSpreadSignalOptions = {}): DifficultySignal => {
  requireNumber('invalid_option', 'scale', scale, { above: 0 });
  requireNumber('invalid_option', 'keep', keep, { above: 0, max: 1 });
  let history = rewardHistory();
  return {
    measure: (evidence, step) =>
      fallback.measure(evidence, step).map((difficulty, position) => {
        const spread = Number.isNaN(difficulty) ? undefined : history.spread(evidence.documentId, position);
        return spread === undefined ? difficulty : scale * spread;
      }),
    observe: (documentId, position, rewards) => {
      requireNumber('invalid_input', 'position', position, { integer: true, min: 0 });
      for (const [i, reward] of rewards.entries()) requireNumber('invalid_input', `rewards[${i}]`, reward);
      history.add(documentId, position, rewards, keep);
      fallback.observe?.(documentId, position, rewards);
    },
    state: () => ({ rewards: history.entries(), fallback: fallback.state?.() ?? null }),
    restore: (state) => {
      if (typeof state !== 'object' || state === null || !('rewards' in state) || !('fallback' in state))
        throw new CurriculumError(
          'invalid_state',
          'state is not a reward spread’s: give what state() returned',
        );
      history = restoreRewardHistory(state.rewards);
      restoreInner('state.fallback', fallback, state.fallback);
    },
  };
};
