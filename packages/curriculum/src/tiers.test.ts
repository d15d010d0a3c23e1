import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difficultyQuantiles } from './difficulty-quantiles.js';
import { quantileTiers } from './quantile-tiers.js';
import { thresholdTiers } from './threshold-tiers.js';

const difficulties = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('thresholdTiers', () => {
  it('cuts where RPT does, strictly above, with nothing for what is too easy', () => {
    const tiers = thresholdTiers();
    expect(tiers.names).toEqual(['easy', 'medium', 'hard']);
    const at = [0, 0.5, 0.5000001, 1, 1.0000001, 1.5, 1.5000001, 9];
    expect([...tiers.assign(at)]).toEqual([-1, -1, 0, 0, 1, 1, 2, 2]);
  });

  it('gives the lowest tier everything below with one name more', () => {
    const tiers = thresholdTiers({ thresholds: [1, 1.5] });
    expect([...tiers.assign([-3, 1, 1.2, 2])]).toEqual([0, 0, 1, 2]);
    expect(tiers.ranges[0]).toEqual({ name: 'easy', from: Number.NEGATIVE_INFINITY, to: 1 });
  });

  it('puts a difficulty into the one tier whose range holds it', () => {
    const cuts = fc
      .uniqueArray(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 6 })
      .map((values) => values.sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, fc.boolean(), difficulties, (thresholds, open, values) => {
        const names = thresholds.map((cut) => `above ${cut}`);
        const tiers = thresholdTiers({ thresholds, names: open ? ['rest', ...names] : names });
        const assigned = tiers.assign([...values, ...thresholds]);
        [...values, ...thresholds].forEach((value, i) => {
          const holding = tiers.ranges.flatMap(({ from, to }, tier) =>
            value > from && value <= to ? [tier] : [],
          );
          expect(holding.length ? holding : [-1]).toEqual([assigned[i]]);
        });
      }),
    );
  });

  it('refuses cut points that do not rise and names that do not fit', () => {
    const code = expect.objectContaining({ code: 'invalid_option' });
    expect(() => thresholdTiers({ thresholds: [1, 1], names: ['a', 'b'] })).toThrow(code);
    expect(() => thresholdTiers({ thresholds: [Number.NaN], names: ['a'] })).toThrow(code);
    expect(() => thresholdTiers({ thresholds: [1] })).toThrow(/^names has 3 entries: give 1 or 2/);
    expect(() => thresholdTiers({ names: ['a', 'a', 'b'] })).toThrow(code);
  });
});

describe('quantileTiers', () => {
  it('cuts between the same values as Python’s statistics.quantiles(method="inclusive")', () => {
    const values = [3.5, 0.1, 2.2, 9.0, 4.4, 0.7, 1.9, 2.0];
    // Its tertiles: 1.9333, 3.0667. Its deciles 0.52, 1.18, 1.91, 1.98, 2.1, 2.46, 3.37, 4.04, 5.78.
    expect([...quantileTiers().assign(values)]).toEqual([2, 0, 1, 2, 2, 0, 0, 1]);
    const deciles = quantileTiers({
      quantiles: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => tenth / 10),
      names: 'abcdefghij'.split(''),
    });
    expect([...deciles.assign(values)]).toEqual([7, 0, 5, 9, 8, 1, 2, 4]);
  });

  it('gives three equal tiers for a multiple of three distinct values', () => {
    const distinct = fc.uniqueArray(fc.integer(), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(distinct, (values) => {
        const kept = values.slice(0, values.length - (values.length % 3));
        const assigned = [...quantileTiers().assign(kept)];
        const sizes = [0, 1, 2].map((tier) => assigned.filter((other) => other === tier).length);
        expect(sizes).toEqual([kept.length / 3, kept.length / 3, kept.length / 3]);
      }),
    );
  });

  it('never puts a harder candidate into an easier tier, nor equal ones into two', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), (values) => {
        const assigned = quantileTiers().assign(values);
        values.forEach((a, i) => {
          values.forEach((b, j) => {
            if (a === b) expect(assigned[i]).toBe(assigned[j]);
            if (a < b) expect(assigned[i]).toBeLessThanOrEqual(assigned[j]);
          });
        });
      }),
    );
  });

  it('takes an empty step, and refuses quantiles outside (0, 1)', () => {
    expect([...quantileTiers().assign([])]).toEqual([]);
    for (const quantiles of [[0], [1], [0.5, 0.5], [0.6, 0.4], [Number.NaN]])
      expect(() =>
        quantileTiers({ quantiles, names: ['a', 'b', 'c'].slice(0, quantiles.length + 1) }),
      ).toThrow(expect.objectContaining({ code: 'invalid_option' }));
  });
});

describe('difficultyQuantiles', () => {
  it('spreads distinct difficulties evenly over 0..1 in their order', () => {
    expect([...difficultyQuantiles([7, 1, 9, 3, 2])]).toEqual([0.75, 0, 1, 0.5, 0.25]);
  });

  it('gives equal ones the middle of their places, and a single one 0.5', () => {
    expect([...difficultyQuantiles([2, 1, 2])]).toEqual([0.75, 0, 0.75]);
    expect([...difficultyQuantiles([4])]).toEqual([0.5]);
    expect([...difficultyQuantiles([])]).toEqual([]);
  });

  it('ranks what is a candidate, and leaves the rest without a quantile', () => {
    const { NaN: none } = Number;
    expect([...difficultyQuantiles([none, 7, none, 1, 9])]).toEqual([none, 0.5, none, 0, 1]);
    expect([...difficultyQuantiles([none, 4])]).toEqual([none, 0.5]);
    expect([...difficultyQuantiles([none])]).toEqual([none]);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(none), fc.integer({ min: 0, max: 12 }))), (values) => {
        const ranked = [...difficultyQuantiles(values)].filter((quantile) => !Number.isNaN(quantile));
        expect(ranked).toEqual([...difficultyQuantiles(values.filter((value) => !Number.isNaN(value)))]);
      }),
    );
  });

  it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', (value) => {
    expect(() => difficultyQuantiles([1, value, 2])).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining('difficulties[1]') }),
    );
  });

  it('equals the mean of how many are easier and how many are not harder; mean 0.5', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 2 }), (values) => {
        const quantiles = difficultyQuantiles(values);
        values.forEach((value, i) => {
          const easier = values.filter((other) => other < value).length;
          const notHarder = values.filter((other) => other <= value).length;
          expect(quantiles[i]).toBeCloseTo((easier + notHarder - 1) / 2 / (values.length - 1), 12);
        });
        expect(quantiles.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(0.5, 12);
      }),
    );
  });
});
