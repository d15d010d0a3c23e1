import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../test/branch-outcome.js';
import { composeRewards, rewardParts } from './compose-rewards.js';
import { exactMatch } from './exact-match.js';
import { logProbReward } from './log-prob-reward.js';

const right = outcomeOf(['a'], ['a']);
const wrong = outcomeOf(['b'], ['a']);
const malformed = outcomeOf(['a'], ['a'], { wellFormed: false });
/** 3 of 4 tokens of the budget: 0.75. */
const length = (tokens: number, budget: number) => tokens / budget;

describe('composeRewards', () => {
  test('adds (1 − w)·match and w·length', () => {
    const reward = composeRewards({ match: exactMatch(), length, lengthWeight: 0.2 });
    expect(reward(right)).toBeCloseTo(0.8 + 0.2 * 0.75, 12);
    expect(reward(wrong)).toBeCloseTo(0.2 * 0.75, 12);
  });

  test.each([
    [0, 1],
    [1, 0.75],
  ])('weight %d leaves one part alone', (lengthWeight, expected) => {
    expect(composeRewards({ match: exactMatch(), length, lengthWeight })(right)).toBe(expected);
  });

  test('can count the length only where the match holds', () => {
    const reward = composeRewards({
      match: exactMatch(),
      length,
      lengthWeight: 0.2,
      lengthOnlyIfMatched: true,
    });
    expect(reward(right)).toBeCloseTo(0.8 + 0.2 * 0.75, 12);
    expect(reward(wrong)).toBe(0);
  });

  test('lets a soft match hold in part', () => {
    const reward = composeRewards({
      match: logProbReward(),
      length,
      lengthWeight: 0.2,
      lengthOnlyIfMatched: true,
    });
    const halfSure = outcomeOf(['b'], ['a'], { targetLogProb: Math.log(0.5) });
    expect(reward.parts(halfSure).length).toBeCloseTo(0.5 * 0.75, 12);
  });

  test('reports its parts as counted, before the weights', () => {
    const reward = composeRewards({ match: exactMatch(), length, lengthWeight: 0.5 });
    expect(reward.parts(right)).toEqual({ match: 1, length: 0.75, total: 0.875 });
    expect(reward.parts(wrong)).toEqual({ match: 0, length: 0.75, total: 0.375 });
    expect(reward(wrong)).toBe(reward.parts(wrong).total);
  });

  test('counts the length of a malformed branch as a penalty only', () => {
    const penalised = { match: () => 1, length: () => -0.5, lengthWeight: 0.5 };
    expect(composeRewards(penalised).parts(malformed)).toEqual({ match: 0, length: -0.5, total: -0.25 });
    expect(composeRewards({ ...penalised, lengthOnlyIfMatched: true })(malformed)).toBe(0);
  });

  test('gives a malformed branch nothing, whatever its match, where its length would earn', () => {
    const reward = composeRewards({ match: () => 1, length: () => 1, lengthWeight: 0.5 });
    expect(reward.parts(malformed)).toEqual({ match: 0, length: 0, total: 0 });
  });

  test.each([-0.1, 1.1, Number.NaN])('refuses the weight %d', (lengthWeight) => {
    expect(() => composeRewards({ match: exactMatch(), length, lengthWeight })).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('lengthWeight') }),
    );
  });
});

describe('rewardParts', () => {
  test('asks a composed reward, and counts a plain one as match', () => {
    const composed = composeRewards({ match: exactMatch(), length, lengthWeight: 0.5 });
    expect(rewardParts(composed, right)).toEqual({ match: 1, length: 0.75, total: 0.875 });
    expect(rewardParts(() => 0.3, right)).toEqual({ match: 0.3, length: 0, total: 0.3 });
  });
});
