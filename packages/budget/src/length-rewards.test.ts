import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capReward } from './cap-reward.js';
import { lcpoExactReward } from './lcpo-exact-reward.js';
import { lcpoMaxReward } from './lcpo-max-reward.js';
import { linearPenaltyReward } from './linear-penalty-reward.js';
import { triangularReward } from './triangular-reward.js';

const budgets = fc.integer({ min: 1, max: 100_000 });
const lengths = fc.nat({ max: 300_000 });

describe('triangularReward', () => {
  it('lies on the straight lines through (0, 0), (B, r_max) and (2B, 0), and is 0 beyond', () => {
    const maxReward = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(lengths, budgets, maxReward, (length, budget, max) => {
        const reward = triangularReward({ maxReward: max })(length, budget);
        const rising = (max * length) / budget;
        const falling = (max * (2 * budget - length)) / budget;
        expect(reward).toBeCloseTo(Math.max(0, Math.min(rising, falling)), 9);
        expect(reward).toBeGreaterThanOrEqual(0);
        expect(reward).toBeLessThanOrEqual(max);
      }),
    );
  });

  it('is exactly r_max at the budget, 0 at both feet, and symmetric', () => {
    fc.assert(
      fc.property(budgets, lengths, (budget, offset) => {
        const reward = triangularReward();
        expect([reward(0, budget), reward(budget, budget), reward(2 * budget, budget)]).toEqual([0, 1, 0]);
        const distance = offset % (budget + 1);
        expect(reward(budget - distance, budget)).toBe(reward(budget + distance, budget));
      }),
    );
  });

  it('peaks only at the budget', () => {
    fc.assert(
      fc.property(lengths, budgets, (length, budget) => {
        expect(triangularReward()(length, budget) === 1).toBe(length === budget);
      }),
    );
  });
});

describe('capReward', () => {
  it('is full up to the budget and nothing above', () => {
    const reward = capReward({ maxReward: 2 });
    expect([0, 9, 10, 11, 1000].map((length) => reward(length, 10))).toEqual([2, 2, 2, 0, 0]);
  });
});

describe('linearPenaltyReward', () => {
  it('equals DAPO’s soft overlong punishment with its own lengths', () => {
    // L_max = 20,480 and L_cache = 4,096: free up to 16,384, half way down at 18,432, fully punished from 20,480 on.
    const reward = linearPenaltyReward();
    const values = [0, 16_384, 18_432, 20_480, 30_000].map((length) => reward(length, 16_384));
    expect(values).toEqual([0, 0, -0.5, -1, -1]);
  });

  it('falls by the same amount with each token of the cache, and stays in -maxPenalty..0', () => {
    const caches = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(lengths, budgets, caches, (length, budget, cacheTokens) => {
        const reward = linearPenaltyReward({ cacheTokens, maxPenalty: 3 });
        const over = Math.max(0, length - budget);
        expect(reward(length, budget)).toBeCloseTo(-3 * Math.min(1, over / cacheTokens), 12);
        expect(reward(length + 1, budget)).toBeLessThanOrEqual(reward(length, budget));
      }),
    );
  });

  it('punishes a single token over the smallest budget in full', () => {
    expect(linearPenaltyReward()(2, 1)).toBe(-1);
  });
});

describe('lcpoExactReward', () => {
  it('costs alpha a token either way', () => {
    const reward = lcpoExactReward();
    expect(reward(1000, 1000)).toBe(0);
    expect(reward(2000, 1000)).toBeCloseTo(-0.3, 12);
    expect(reward(0, 1000)).toBeCloseTo(-0.3, 12);
  });
});

describe('lcpoMaxReward', () => {
  it('is delta at the budget, falls with length and is clipped to 0..1', () => {
    const reward = lcpoMaxReward();
    expect(reward(1000, 1000)).toBe(0.5);
    expect(reward(2000, 1000)).toBeCloseTo(0.2, 12);
    expect(reward(3000, 1000)).toBe(0);
    expect(reward(0, 2000)).toBe(1);
    fc.assert(
      fc.property(lengths, budgets, (length, budget) => {
        expect(reward(length, budget)).toBeGreaterThanOrEqual(0);
        expect(reward(length, budget)).toBeLessThanOrEqual(1);
        expect(reward(length + 1, budget)).toBeLessThanOrEqual(reward(length, budget));
      }),
    );
  });
});
