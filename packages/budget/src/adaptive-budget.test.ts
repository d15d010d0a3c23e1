import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adaptiveBudget } from './adaptive-budget.js';
import { constantBudget } from './constant-budget.js';
import { exponentialBudget } from './exponential-budget.js';

const at = { step: 0, totalSteps: 1 };

describe('adaptiveBudget', () => {
  it('gives the easiest half, the middle all and the hardest half again as much by default', () => {
    const budget = adaptiveBudget(constantBudget({ tokens: 400 }));
    expect([0, 0.25, 0.5, 0.75, 1].map((difficulty) => budget({ ...at, difficulty }))).toEqual([
      200, 300, 400, 500, 600,
    ]);
  });

  it('follows the base through the run', () => {
    const budget = adaptiveBudget(exponentialBudget());
    expect(budget({ step: 10, totalSteps: 10, difficulty: 1 })).toBe(240);
  });

  it('keeps the mean of the base over evenly spread quantiles, to within half a token', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5000 }),
        fc.double({ min: 0.5, max: 1.5, noNaN: true }),
        fc.integer({ min: 2, max: 200 }),
        (tokens, easiestScale, n) => {
          const budget = adaptiveBudget(constantBudget({ tokens }), { easiestScale });
          const total = Array.from({ length: n }, (_, i) => budget({ ...at, difficulty: i / (n - 1) }));
          expect(Math.abs(total.reduce((a, b) => a + b, 0) / n - tokens)).toBeLessThanOrEqual(0.5 + 1e-9);
        },
      ),
    );
  });

  it('grows with difficulty when the hardest scale is the larger, within its bounds', () => {
    const quantile = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), quantile, quantile, (tokens, a, b) => {
        const budget = adaptiveBudget(constantBudget({ tokens }), { minTokens: 7, maxTokens: 900 });
        const easier = budget({ ...at, difficulty: Math.min(a, b) });
        const harder = budget({ ...at, difficulty: Math.max(a, b) });
        expect(easier).toBeLessThanOrEqual(harder);
        expect(easier).toBeGreaterThanOrEqual(7);
        expect(harder).toBeLessThanOrEqual(900);
        expect(Number.isInteger(easier)).toBe(true);
      }),
    );
  });

  it('takes the base for an unknown difficulty, or refuses it when told to', () => {
    const base = constantBudget({ tokens: 400 });
    expect(adaptiveBudget(base)(at)).toBe(400);
    expect(() => adaptiveBudget(base, { whenUnknown: 'error' })(at)).toThrow(/difficulty is missing/);
  });

  it('refuses another way with unknown difficulties', () => {
    for (const whenUnknown of ['ignore', '', null])
      expect(() =>
        adaptiveBudget(constantBudget({ tokens: 4 }), { whenUnknown: whenUnknown as 'base' }),
      ).toThrow(
        expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('whenUnknown') }),
      );
  });

  it.each([Number.NaN, 0, 2.5, Number.POSITIVE_INFINITY])('refuses a base that gives %d tokens', (tokens) => {
    const budget = adaptiveBudget(() => tokens);
    for (const moment of [at, { ...at, difficulty: 0.5 }])
      expect(() => budget(moment)).toThrow(
        expect.objectContaining({ code: 'invalid_length', message: expect.stringContaining('base') }),
      );
  });

  it('takes the same for easy and hard when both scales are 1', () => {
    const budget = adaptiveBudget(constantBudget({ tokens: 123 }), { easiestScale: 1 });
    expect([0, 0.3, 1].map((difficulty) => budget({ ...at, difficulty }))).toEqual([123, 123, 123]);
  });
});
