import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantBudget } from './constant-budget.js';
import { cosineBudget } from './cosine-budget.js';
import { linearBudget } from './linear-budget.js';

const positive = fc.integer({ min: 1, max: 1_000_000 });
const moment = fc
  .integer({ min: 1, max: 500 })
  .chain((totalSteps) =>
    fc.record({ totalSteps: fc.constant(totalSteps), step: fc.nat({ max: totalSteps }) }),
  );

describe('constantBudget', () => {
  it('is the same at every step', () => {
    fc.assert(
      fc.property(positive, moment, (tokens, at) => {
        expect(constantBudget({ tokens })(at)).toBe(tokens);
      }),
    );
  });
});

describe('linearBudget', () => {
  it('equals the floor in integer arithmetic, rising or falling', () => {
    fc.assert(
      fc.property(positive, positive, moment, (initialTokens, finalTokens, at) => {
        const numerator =
          BigInt(initialTokens) * BigInt(at.totalSteps) +
          (BigInt(finalTokens) - BigInt(initialTokens)) * BigInt(at.step);
        const exact = Number(numerator / BigInt(at.totalSteps));
        expect(linearBudget({ initialTokens, finalTokens })(at)).toBe(exact);
      }),
      { numRuns: 1000 },
    );
  });

  it('defaults to the ends of the paper’s schedule', () => {
    expect([0, 5, 10].map((step) => linearBudget()({ step, totalSteps: 10 }))).toEqual([800, 480, 160]);
  });
});

describe('cosineBudget', () => {
  it('has the values of the cosine at the known angles', () => {
    const budget = cosineBudget({ initialTokens: 1000, finalTokens: 200 });
    // cos(0), cos(60°), cos(90°), cos(120°), cos(180°) are 1, 1/2, 0, -1/2, -1.
    expect([0, 4, 6, 8, 12].map((step) => budget({ step, totalSteps: 12 }))).toEqual([
      1000, 800, 600, 400, 200,
    ]);
  });

  it('is a point reflection about its middle, to within the floor', () => {
    fc.assert(
      fc.property(positive, positive, moment, (initialTokens, finalTokens, { step, totalSteps }) => {
        const budget = cosineBudget({ initialTokens, finalTokens });
        const sum = budget({ step, totalSteps }) + budget({ step: totalSteps - step, totalSteps });
        expect(initialTokens + finalTokens - sum).toBeGreaterThanOrEqual(0);
        expect(initialTokens + finalTokens - sum).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe.each([
  ['linear', linearBudget],
  ['cosine', cosineBudget],
])('%s', (_name, schedule) => {
  it('starts and ends where asked, is a whole number between, and moves one way', () => {
    fc.assert(
      fc.property(positive, positive, moment, (initialTokens, finalTokens, { step, totalSteps }) => {
        const budget = schedule({ initialTokens, finalTokens });
        expect(budget({ step: 0, totalSteps })).toBe(initialTokens);
        expect(budget({ step: totalSteps, totalSteps })).toBe(finalTokens);
        const tokens = budget({ step, totalSteps });
        expect(Number.isInteger(tokens)).toBe(true);
        expect(tokens).toBeGreaterThanOrEqual(Math.min(initialTokens, finalTokens));
        expect(tokens).toBeLessThanOrEqual(Math.max(initialTokens, finalTokens));
        if (step === 0) return;
        const change = tokens - budget({ step: step - 1, totalSteps });
        expect(change * (finalTokens - initialTokens)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
