import { describe, expect, test } from 'vitest';
import { type GroupAdvantageOptions, groupAdvantage } from './group-advantage.js';

const rewards = (...values: number[]) => Float32Array.from(values);
const advantagesOf = (values: Float32Array, groupSize: number, options: GroupAdvantageOptions = {}) => [
  ...groupAdvantage(options)(values, groupSize).advantages,
];
const expectClose = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
};

describe('groupAdvantage', () => {
  // Two groups: [1, 0, 0, 1] has mean 1/2 and unbiased variance 1/3; [4, 0, 0, 0] has mean 1 and variance 4.
  const twoGroups = rewards(1, 0, 0, 1, 4, 0, 0, 0);
  const centred = [0.5, -0.5, -0.5, 0.5, 3, -1, -1, -1];

  test('divides by the unbiased deviation of the group plus δ', () => {
    const first = 0.5 / (Math.sqrt(1 / 3) + 1e-4);
    expectClose(advantagesOf(twoGroups, 4), [
      first,
      -first,
      -first,
      first,
      ...[3, -1, -1, -1].map((value) => value / (2 + 1e-4)),
    ]);
  });

  test('δ is what it is told to be', () => {
    expectClose(advantagesOf(rewards(4, 0, 0, 0), 4, { delta: 1 }), [1, -1 / 3, -1 / 3, -1 / 3]);
  });

  test('subtracts the mean only, without scale', () => {
    expectClose(advantagesOf(twoGroups, 4, { scale: 'none' }), centred);
  });

  test('divides by the deviation of the whole step', () => {
    // Eight rewards with sum 6 and sum of squares 18: variance (18 − 36/8) / 7.
    const deviation = Math.sqrt(13.5 / 7) + 1e-4;
    expectClose(
      advantagesOf(twoGroups, 4, { scale: 'batch' }),
      centred.map((value) => value / deviation),
    );
  });

  test('leave-one-out subtracts the mean of the others', () => {
    expectClose(advantagesOf(rewards(1, 2, 6), 3, { scale: 'none', baseline: 'leave-one-out' }), [
      1 - 8 / 2,
      2 - 7 / 2,
      6 - 3 / 2,
    ]);
  });

  test('does not change when a constant is added to the rewards of a group', () => {
    expectClose(advantagesOf(rewards(3, 2, 2, 3), 4), advantagesOf(rewards(1, 0, 0, 1), 4));
  });

  describe('a group whose rewards are all equal', () => {
    // The mean of 0.1 in float32, taken three times, is not 0.1 to the last bit.
    const equalThenMixed = rewards(0.1, 0.1, 0.1, 1, 0, 0);

    test('is kept with advantage 0', () => {
      const { advantages, kept } = groupAdvantage()(equalThenMixed, 3);
      expect([...advantages.slice(0, 3)]).toEqual([0, 0, 0]);
      expect(advantages[3]).toBeGreaterThan(1);
      expect(kept).toEqual([true, true, true, true, true, true]);
    });

    test('is dropped, and leaves the batch deviation', () => {
      const { advantages, kept } = groupAdvantage({ equalGroups: 'drop', scale: 'batch' })(equalThenMixed, 3);
      expect(kept).toEqual([false, false, false, true, true, true]);
      const deviation = Math.sqrt(1 / 3) + 1e-4;
      expectClose([...advantages], [0, 0, 0, 2 / 3 / deviation, -1 / 3 / deviation, -1 / 3 / deviation]);
    });

    test('is compared with an added reward of 0', () => {
      // [2, 2, 2, 0] has mean 3/2 and unbiased deviation 1.
      const { advantages, kept } = groupAdvantage({ equalGroups: 'add-zero' })(rewards(2, 2, 2, 0, 0, 0), 3);
      expectClose([...advantages], [...Array(3).fill(0.5 / 1.0001), 0, 0, 0]);
      expect(kept).toEqual(Array(6).fill(true));
    });

    test('is compared with an added 0 under each baseline and scale', () => {
      // Leave-one-out: the others of [2, 2, 2, 0] are [2, 2, 0], mean 4/3.
      expectClose(
        advantagesOf(rewards(2, 2, 2), 3, {
          equalGroups: 'add-zero',
          scale: 'none',
          baseline: 'leave-one-out',
        }),
        [2 / 3, 2 / 3, 2 / 3],
      );
      // The added 0 counts in the step's deviation, which would be 0 without it.
      expectClose(advantagesOf(rewards(2, 2, 2), 3, { equalGroups: 'add-zero', scale: 'batch' }), [
        ...Array(3).fill(0.5 / 1.0001),
      ]);
    });

    test('a group of one is such a group', () => {
      expect(advantagesOf(rewards(5, 7), 1)).toEqual([0, 0]);
    });

    test('every group dropped is no advantage and no NaN', () => {
      const { advantages, kept } = groupAdvantage({ equalGroups: 'drop', scale: 'batch' })(rewards(1, 1), 2);
      expect([...advantages]).toEqual([0, 0]);
      expect(kept).toEqual([false, false]);
    });
  });

  test('takes no rewards at all', () => {
    expect(groupAdvantage()(rewards(), 4)).toEqual({ advantages: rewards(), kept: [] });
  });

  test('refuses rewards that are not whole groups of finite numbers', () => {
    const estimate = groupAdvantage();
    const refused = (values: Float32Array, groupSize: number, text: string) =>
      expect(() => estimate(values, groupSize)).toThrow(
        expect.objectContaining({ code: 'invalid_rewards', message: expect.stringContaining(text) }),
      );
    refused(rewards(1, 2, 3), 2, 'multiple of groupSize 2');
    refused(rewards(1, 2), 0, 'groupSize');
    refused(rewards(1, 2), 1.5, 'groupSize');
    refused(rewards(1, Number.NaN), 2, 'rewards[1]');
  });

  test('refuses leave-one-out in groups of one', () => {
    expect(() => groupAdvantage({ baseline: 'leave-one-out' })(rewards(1, 2), 1)).toThrow(
      expect.objectContaining({ code: 'invalid_rewards', message: expect.stringContaining('leave-one-out') }),
    );
  });

  test('refuses options out of range', () => {
    expect(() => groupAdvantage({ delta: -1 })).toThrow(expect.objectContaining({ code: 'invalid_option' }));
    // @ts-expect-error: not a scale
    expect(() => groupAdvantage({ scale: 'step' })).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    );
  });
});
