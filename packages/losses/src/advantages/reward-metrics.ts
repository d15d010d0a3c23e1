import { requireOneOf } from '../require-number.js';
import { mean, standardDeviation } from './moments.js';
import { rewardGroups } from './reward-groups.js';

/** Figures on a step's rewards, named as TRL names them. Plain numbers. */
export interface RewardMetrics {
  /** Mean reward. */
  readonly reward: number;
  /**
   * Mean over the groups of their deviation, what the advantages are divided by and what TRL logged up to 0.26; with
   * `scale: 'batch'` the deviation over the whole step, what TRL logs since 0.27 whatever the scale.
   */
  readonly reward_std: number;
  /** Share of groups whose deviation is 0 (to 1e-8): they carry no comparison. */
  readonly frac_reward_zero_std: number;
}

export interface RewardMetricsOptions {
  /** The `scale` of the advantages they go with: the deviation is the one that they are divided by. Default `group`. */
  readonly scale?: 'group' | 'batch' | 'none';
}

/** What TRL's `torch.isclose(std, 0)` tolerates. */
const ZERO_DEVIATION = 1e-8;

/**
 * `reward`, `reward_std` and `frac_reward_zero_std` of rewards laid out group after group. All 0 of no rewards. The first
 * and the last are TRL's; `reward_std` is TRL's of now with `scale: 'batch'` only.
 *
 * @throws LossesError `invalid_rewards` for rewards that are not whole groups or not finite; `invalid_option` for an
 * unknown scale
 */
export function rewardMetrics(
  rewards: Float32Array,
  groupSize: number,
  { scale = 'group' }: RewardMetricsOptions = {},
): RewardMetrics {
  requireOneOf('scale', scale, ['group', 'batch', 'none']);
  const groups = rewardGroups(rewards, groupSize);
  const deviations = groups.map((group) => standardDeviation(scale === 'batch' ? rewards : group));
  return {
    reward: mean(rewards),
    reward_std: mean(deviations),
    frac_reward_zero_std: mean(deviations.map((deviation) => (deviation <= ZERO_DEVIATION ? 1 : 0))),
  };
}
