import type { AdvantageEstimator } from '../advantage.js';
import { LossesError } from '../losses-error.js';
import { requireNumber, requireOneOf } from '../require-number.js';
import { allEqual, mean, standardDeviation } from './moments.js';
import { rewardGroups } from './reward-groups.js';

export interface GroupAdvantageOptions {
  /**
   * What the centred rewards are divided by: the deviation of their group (GRPO, the default), the deviation over
   * the kept groups of the whole step (`batch`), or nothing (`none`: Dr. GRPO, arXiv 2503.20783).
   */
  readonly scale?: 'group' | 'batch' | 'none';
  /** δ, added to the deviation. 1e-4 as in TRL. */
  readonly delta?: number;
  /**
   * What is subtracted: the group's mean (the default), or for each branch the mean of the others (RLOO,
   * arXiv 2402.14740).
   */
  readonly baseline?: 'mean' | 'leave-one-out';
  /**
   * What happens to a group whose rewards are all equal, which carries no comparison:
   * - `keep` (the default, as TRL): it takes part with advantage 0, so only KL and entropy terms move it;
   * - `drop` (dynamic sampling in RPT and DAPO): advantage 0, `kept` false, and left out of the batch deviation;
   * - `add-zero`: the group is treated as if it had one more member with reward 0, so an all-right group is still
   *   reinforced: r/(G + 1) over the deviation. All rewards 0 stay at advantage 0.
   */
  readonly equalGroups?: 'keep' | 'drop' | 'add-zero';
}

/** A group's rewards with the members that count for its mean and deviation. */
interface Group {
  readonly rewards: Float32Array;
  /** The rewards, or the rewards and one 0. */
  readonly members: Float32Array;
  readonly kept: boolean;
}

function resolve(options: GroupAdvantageOptions): Required<GroupAdvantageOptions> {
  const { scale = 'group', delta = 1e-4, baseline = 'mean', equalGroups = 'keep' } = options;
  return {
    scale: requireOneOf('scale', scale, ['group', 'batch', 'none']),
    delta: requireNumber('delta', delta, { from: 0 }),
    baseline: requireOneOf('baseline', baseline, ['mean', 'leave-one-out']),
    equalGroups: requireOneOf('equalGroups', equalGroups, ['keep', 'drop', 'add-zero']),
  };
}

/**
 * Group-relative advantages `A_i = (r_i − mean) / (std + δ)` (RMT arXiv 2509.24375; GRPO arXiv 2402.03300), with
 * the unbiased deviation as TRL computes it. `scale`, `baseline` and `equalGroups` give the usual variants.
 *
 * The returned estimator throws LossesError `invalid_rewards` for rewards that are not whole groups or not finite,
 * and for groups of one branch with the leave-one-out baseline, which has no others to compare with.
 *
 * @throws LossesError `invalid_option`
 */
export function groupAdvantage(options: GroupAdvantageOptions = {}): AdvantageEstimator {
  const { scale, delta, baseline, equalGroups } = resolve(options);

  function groupOf(rewards: Float32Array): Group {
    const equal = allEqual(rewards);
    const members = equal && equalGroups === 'add-zero' ? Float32Array.of(...rewards, 0) : rewards;
    return { rewards, members, kept: !(equal && equalGroups === 'drop') };
  }

  function center({ members, rewards }: Group): number[] {
    // Equal members have no spread; their mean in floating point may differ from them by a rounding.
    if (allEqual(members)) return Array.from(rewards, () => 0);
    const average = mean(members);
    // r − mean of the others = (r − mean of all) · n / (n − 1).
    const stretch = baseline === 'mean' ? 1 : members.length / (members.length - 1);
    return Array.from(rewards, (reward) => (reward - average) * stretch);
  }

  return (rewards, groupSize) => {
    const groups = rewardGroups(rewards, groupSize).map(groupOf);
    if (baseline === 'leave-one-out' && groupSize < 2) {
      throw new LossesError(
        'invalid_rewards',
        `groupSize must be >= 2 for the leave-one-out baseline, got ${groupSize}`,
      );
    }
    const batch = groups.filter(({ kept }) => kept).flatMap(({ members }) => [...members]);
    const batchDeviation = scale === 'batch' ? standardDeviation(batch) : 0;
    const divisor = ({ members }: Group): number => {
      if (scale === 'none') return 1;
      return (scale === 'group' ? standardDeviation(members) : batchDeviation) + delta;
    };
    const advantages = groups.flatMap((group) => {
      const by = divisor(group);
      return center(group).map((value) => (value === 0 ? 0 : value / by));
    });
    return {
      advantages: Float32Array.from(advantages),
      kept: groups.flatMap(({ kept, rewards: { length } }) => Array.from({ length }, () => kept)),
    };
  };
}
