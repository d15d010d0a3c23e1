import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantTierSchedule } from './constant-tier-schedule.js';
import { piecewiseLinearTierSchedule } from './piecewise-linear-tier-schedule.js';

const from = [0.5, 0.375, 0.125];
const to = [0.125, 0.125, 0.75];

describe('piecewiseLinearTierSchedule', () => {
  const schedule = piecewiseLinearTierSchedule({ from, to, start: 0.25, end: 0.75 });
  const at = (step: number) => schedule({ step, totalSteps: 16 });

  it('is p_1 up to and at t_1, the paper’s mix between, p_2 from t_2 to T', () => {
    expect(at(0)).toEqual(from);
    expect(at(3)).toEqual(from);
    expect(at(4)).toEqual(from);
    // τ = 1/8 and 1/2: sums of eighths are exact in doubles.
    expect(at(5)).toEqual([0.453125, 0.34375, 0.203125]);
    expect(at(8)).toEqual([0.3125, 0.25, 0.4375]);
    expect(at(12)).toEqual(to);
    expect(at(16)).toEqual(to);
  });

  it('turns at 30 % and 70 % of the run by default, and moves from easy to hard', () => {
    const byDefault = piecewiseLinearTierSchedule();
    const hard = [0, 300, 301, 500, 699, 700, 1000].map((step) => byDefault({ step, totalSteps: 1000 })[2]);
    expect(hard[0]).toBe(hard[1]);
    expect(hard[2]).toBeGreaterThan(hard[1]);
    expect(hard[3]).toBeCloseTo((hard[0] + hard[6]) / 2, 12);
    expect(hard[4]).toBeLessThan(hard[5]);
    expect(hard[5]).toBe(hard[6]);
  });

  it('is a distribution between p_1 and p_2 at every step of every run', () => {
    const distribution = fc
      .array(fc.integer({ min: 0, max: 100 }), { minLength: 3, maxLength: 3 })
      .filter((weights) => weights.some((weight) => weight > 0))
      .map((weights) => weights.map((weight) => weight / weights.reduce((a, b) => a + b)));
    const turns = fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 2 });
    const moment = fc
      .integer({ min: 1, max: 500 })
      .chain((totalSteps) =>
        fc.record({ totalSteps: fc.constant(totalSteps), step: fc.nat({ max: totalSteps }) }),
      );
    fc.assert(
      fc.property(distribution, distribution, turns, moment, (first, second, [a, b], now) => {
        const [start, end] = [Math.min(a, b) / 100, Math.max(a, b) / 100];
        const p = piecewiseLinearTierSchedule({ from: first, to: second, start, end })(now);
        expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
        p.forEach((value, tier) => {
          expect(value).toBeGreaterThanOrEqual(Math.min(first[tier], second[tier]) - 1e-12);
          expect(value).toBeLessThanOrEqual(Math.max(first[tier], second[tier]) + 1e-12);
        });
      }),
    );
  });

  it('refuses what is no distribution, tiers that differ in number, and turns out of order', () => {
    const refused = [
      { from: [0.5, 0.6] },
      { from: [1.5, -0.5, 0] },
      { to: [Number.NaN, 0.5, 0.5] },
      { from: [0.5, 0.5] },
      { start: 0.7, end: 0.7 },
      { start: -0.1 },
      { end: 1.1 },
      { start: Number.NaN },
    ];
    for (const options of refused)
      expect(() => piecewiseLinearTierSchedule(options)).toThrow(
        expect.objectContaining({ code: 'invalid_option' }),
      );
  });

  it.each([
    [-1, 10],
    [11, 10],
    [0.5, 10],
    [0, 0],
    [0, Number.NaN],
  ])('refuses step %d of %d', (step, totalSteps) => {
    expect(() => schedule({ step, totalSteps })).toThrow(expect.objectContaining({ code: 'invalid_moment' }));
  });
});

describe('constantTierSchedule', () => {
  it('is the same at every step', () => {
    expect(constantTierSchedule(from)({ step: 3, totalSteps: 7 })).toEqual(from);
    expect(() => constantTierSchedule([0.5])).toThrow(/^probabilities sums to 0.5: give/);
  });
});
