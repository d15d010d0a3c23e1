import { describe, expect, test } from 'vitest';
import { rewardMetrics } from './reward-metrics.js';

// Groups [1, 0, 0, 1] (variance 1/3), [4, 0, 0, 0] (variance 4), [2, 2, 2, 2].
const rewards = Float32Array.of(1, 0, 0, 1, 4, 0, 0, 0, 2, 2, 2, 2);

describe('rewardMetrics', () => {
  test('are the mean, the mean deviation of the groups, and the share of groups without one', () => {
    const metrics = rewardMetrics(rewards, 4);
    expect(metrics.reward).toBeCloseTo(14 / 12, 12);
    expect(metrics.reward_std).toBeCloseTo((Math.sqrt(1 / 3) + 2) / 3, 12);
    expect(metrics.frac_reward_zero_std).toBeCloseTo(1 / 3, 12);
  });

  test('measure the deviation of the whole step with the batch scale', () => {
    const metrics = rewardMetrics(rewards, 4, { scale: 'batch' });
    expect(metrics.reward_std).toBeCloseTo(Math.sqrt((34 - 14 ** 2 / 12) / 11), 12);
    expect(metrics.frac_reward_zero_std).toBe(0);
  });

  test('are 0 of nothing', () => {
    expect(rewardMetrics(new Float32Array(), 4)).toEqual({
      reward: 0,
      reward_std: 0,
      frac_reward_zero_std: 0,
    });
  });

  test('refuse rewards that are not whole groups', () => {
    expect(() => rewardMetrics(rewards, 5)).toThrow(expect.objectContaining({ code: 'invalid_rewards' }));
  });
});
