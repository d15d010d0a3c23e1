import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupAdvantage } from './group-advantage.js';

/** Groups of one size with rewards in 0..1, some groups all equal. */
const groups = fc.integer({ min: 2, max: 6 }).chain((size) =>
  fc.array(
    fc.oneof(
      fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
      fc.constantFrom(0, 1).map((reward) => Array<number>(size).fill(reward)),
    ),
    { minLength: 1, maxLength: 5 },
  ),
);
const average = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const estimate = (rewards: number[][], options: Parameters<typeof groupAdvantage>[0]) => [
  ...groupAdvantage(options)(Float32Array.from(rewards.flat()), rewards[0].length).advantages,
];

describe('over random groups', () => {
  test('leave-one-out is the reward minus the mean of the others, as written', () => {
    fc.assert(
      fc.property(groups, (rewards) => {
        const expected = rewards.flatMap((group) =>
          group.map((reward, i) => reward - average(group.filter((_, other) => other !== i))),
        );
        const actual = estimate(rewards, { scale: 'none', baseline: 'leave-one-out' });
        for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
      }),
    );
  });

  test.each(['group', 'batch', 'none'] as const)('advantages of a group add up to 0 (%s)', (scale) => {
    fc.assert(
      fc.property(groups, (rewards) => {
        const actual = estimate(rewards, { scale });
        const size = rewards[0].length;
        for (let from = 0; from < actual.length; from += size) {
          const group = actual.slice(from, from + size);
          expect(Math.abs(group.reduce((a, b) => a + b, 0))).toBeLessThan(1e-4);
        }
      }),
    );
  });

  test('add-zero changes only the groups whose rewards are all equal, and agrees with a group that holds the 0', () => {
    fc.assert(
      fc.property(groups, (rewards) => {
        const actual = estimate(rewards, { equalGroups: 'add-zero' });
        const size = rewards[0].length;
        const expected = rewards.flatMap((group) => {
          const equal = group.every((reward) => reward === group[0]);
          return estimate([equal ? [...group, 0] : group], {}).slice(0, size);
        });
        expect(actual).toEqual(expected);
      }),
    );
  });
});
