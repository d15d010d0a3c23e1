import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../test/branch-outcome.js';
import { logProbReward } from './log-prob-reward.js';

const withLogProb = (targetLogProb?: number, wellFormed = true) =>
  outcomeOf(['a'], ['b'], { targetLogProb, wellFormed });

describe('logProbReward', () => {
  test('is the probability of the true token', () => {
    const reward = logProbReward();
    expect(reward(withLogProb(0))).toBe(1);
    expect(reward(withLogProb(Math.log(0.25)))).toBeCloseTo(0.25, 12);
    expect(reward(withLogProb(Number.NEGATIVE_INFINITY))).toBe(0);
  });

  test('stays within 1 when rounding put the log-probability above 0', () => {
    expect(logProbReward()(withLogProb(1e-7))).toBe(1);
  });

  test('falls linearly to 0 at the floor on request', () => {
    const reward = logProbReward({ mapping: 'linear', floorNats: 4 });
    expect(
      [0, -1, -2, -4, -9, Number.NEGATIVE_INFINITY].map((logProb) => reward(withLogProb(logProb))),
    ).toEqual([1, 0.75, 0.5, 0, 0, 0]);
  });

  test('is 0 for a malformed branch, measured or not', () => {
    expect(logProbReward()(withLogProb(0, false))).toBe(0);
    expect(logProbReward()(withLogProb(undefined, false))).toBe(0);
  });

  test('refuses what is not a log-probability', () => {
    for (const missing of [undefined, Number.NaN, 0.5]) {
      expect(() => logProbReward()(withLogProb(missing))).toThrow(
        expect.objectContaining({
          code: 'invalid_outcome',
          message: expect.stringContaining('targetLogProb'),
        }),
      );
    }
  });

  test('refuses a floor that is not above 0, and an unknown mapping', () => {
    for (const floorNats of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => logProbReward({ mapping: 'linear', floorNats })).toThrow(
        expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('floorNats') }),
      );
    }
    // @ts-expect-error: not a mapping
    expect(() => logProbReward({ mapping: 'cubic' })).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    );
  });
});
