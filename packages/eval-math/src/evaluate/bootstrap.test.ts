import { describe, expect, it } from 'vitest';
import { estimate } from './bootstrap.js';
import { randomFrom } from './random.js';

const bits = (n: number, right: number): number[] =>
  Array.from({ length: n }, (_, index) => (index < right ? 1 : 0));

describe('estimate', () => {
  it('has the width that the normal law gives the mean of many values', () => {
    const { n, value, low, high } = estimate(bits(1000, 300), { resamples: 20_000 });
    const deviation = Math.sqrt((0.3 * 0.7) / 1000);
    expect([n, value]).toEqual([1000, 0.3]);
    expect(Math.abs(low - (0.3 - 1.96 * deviation))).toBeLessThan(0.1 * deviation);
    expect(Math.abs(high - (0.3 + 1.96 * deviation))).toBeLessThan(0.1 * deviation);
  });

  it('covers the true mean as often as it says', () => {
    const random = randomFrom(7);
    let covered = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial += 1) {
      const values = Array.from({ length: 80 }, () => (random() < 0.4 ? 1 : 0));
      const { low, high } = estimate(values, { resamples: 400, confidence: 0.9, seed: trial });
      if (low <= 0.4 && 0.4 <= high) covered += 1;
    }
    const deviation = Math.sqrt((0.9 * 0.1) / trials);
    expect(Math.abs(covered / trials - 0.9)).toBeLessThan(4 * deviation);
  });

  it('is a point where all values are the same, and NaN where there are none', () => {
    expect(estimate([1, 1, 1])).toEqual({ n: 3, value: 1, low: 1, high: 1 });
    expect(estimate([])).toEqual({ n: 0, value: Number.NaN, low: Number.NaN, high: Number.NaN });
  });

  it('draws the same for the same seed and otherwise for another', () => {
    const values = bits(50, 20);
    expect(estimate(values, { seed: 3 })).toEqual(estimate(values, { seed: 3 }));
    expect(estimate(values, { seed: 3 })).not.toEqual(estimate(values, { seed: 4 }));
  });

  it.each([{ resamples: 10 }, { confidence: 1 }, { confidence: 0 }, { seed: 0.5 }])(
    'refuses %o',
    (options) => {
      expect(() => estimate([1], options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    },
  );
});
