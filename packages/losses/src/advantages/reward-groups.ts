import { LossesError } from '../losses-error.js';

/**
 * Splits rewards into their groups of `groupSize`, in order, as views on the same memory.
 *
 * @throws LossesError `invalid_rewards` when groupSize is not a positive integer, the rewards are not a whole number
 * of groups, or one of them is not finite
 */
export function rewardGroups(rewards: Float32Array, groupSize: number): Float32Array[] {
  if (!Number.isInteger(groupSize) || groupSize < 1) {
    throw new LossesError('invalid_rewards', `groupSize must be an integer >= 1, got ${groupSize}`);
  }
  if (rewards.length % groupSize !== 0) {
    throw new LossesError(
      'invalid_rewards',
      `rewards has ${rewards.length} entries; expected a multiple of groupSize ${groupSize}`,
    );
  }
  const bad = rewards.findIndex((reward) => !Number.isFinite(reward));
  if (bad !== -1) {
    throw new LossesError('invalid_rewards', `rewards[${bad}] is ${rewards[bad]}; expected a finite number`);
  }
  return Array.from({ length: rewards.length / groupSize }, (_, group) =>
    rewards.subarray(group * groupSize, (group + 1) * groupSize),
  );
}
