import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentialBudget } from './exponential-budget.js';

/** floor(B·(p/q)^(t/T)) in integers: the greatest n with n^T·q^t ≤ B^T·p^t. */
const exactFloor = (initial: number, p: number, q: number, step: number, totalSteps: number): number => {
  const [T, t] = [BigInt(totalSteps), BigInt(step)];
  const right = BigInt(initial) ** T * BigInt(p) ** t;
  const fits = (n: number) => BigInt(n) ** T * BigInt(q) ** t <= right;
  let [low, high] = [0, initial + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
};

const positive = fc.integer({ min: 1, max: 1_000_000 });
const moment = fc
  .integer({ min: 1, max: 60 })
  .chain((totalSteps) =>
    fc.record({ totalSteps: fc.constant(totalSteps), step: fc.nat({ max: totalSteps }) }),
  );

describe('exponentialBudget', () => {
  it('has the values of the paper at the start, the middle and the end', () => {
    const budget = exponentialBudget();
    expect(budget({ step: 0, totalSteps: 1000 })).toBe(800);
    expect(budget({ step: 500, totalSteps: 1000 })).toBe(Math.floor(Math.sqrt(800 * 160)));
    expect(budget({ step: 1000, totalSteps: 1000 })).toBe(160);
  });

  it('equals exact integer arithmetic, also where the doubles fall just below a whole number', () => {
    // In doubles, 100·0.29 is 28.999999999999996 and 90·0.49^(1/2) is 62.99999999999999.
    expect(exponentialBudget({ initialTokens: 100, decay: 0.29 })({ step: 7, totalSteps: 7 })).toBe(29);
    expect(exponentialBudget({ initialTokens: 90, decay: 0.49 })({ step: 1, totalSteps: 2 })).toBe(63);
    fc.assert(
      fc.property(positive, fc.integer({ min: 1, max: 1000 }), moment, (initialTokens, p, at) => {
        const budget = exponentialBudget({ initialTokens, decay: p / 1000 });
        expect(budget(at)).toBe(Math.max(1, exactFloor(initialTokens, p, 1000, at.step, at.totalSteps)));
      }),
      { numRuns: 500, examples: [[340, 490, { step: 2, totalSteps: 4 }]] },
    );
  });

  it('floors what is truly below a whole number', () => {
    expect(exponentialBudget({ initialTokens: 1000, decay: 0.1599999 })({ step: 1, totalSteps: 1 })).toBe(
      159,
    );
  });

  it('is a whole number between B_min and max(B_0, B_min), and never rises', () => {
    const decay = fc.double({ min: 1e-300, max: 1, noNaN: true });
    fc.assert(
      fc.property(positive, decay, positive, moment, (initialTokens, gamma, minTokens, at) => {
        const budget = exponentialBudget({ initialTokens, decay: gamma, minTokens });
        const tokens = budget(at);
        expect(Number.isInteger(tokens)).toBe(true);
        expect(tokens).toBeGreaterThanOrEqual(minTokens);
        expect(tokens).toBeLessThanOrEqual(Math.max(initialTokens, minTokens));
        if (at.step > 0) expect(tokens).toBeLessThanOrEqual(budget({ ...at, step: at.step - 1 }));
      }),
    );
  });

  it('does not go below B_min', () => {
    const budget = exponentialBudget({ initialTokens: 100, decay: 0.01, minTokens: 40 });
    expect([0, 1, 2, 3, 4].map((step) => budget({ step, totalSteps: 4 }))).toEqual([100, 40, 40, 40, 40]);
  });
});
