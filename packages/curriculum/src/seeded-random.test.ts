import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { even, fits } from '../test/chi-square.js';
import type { RandomSource } from './random-source.js';
import { restoreRandom, seededRandom } from './seeded-random.js';

const take = (random: RandomSource, count: number) => Array.from({ length: count }, () => random.next());
const seeds = fc.nat({ max: Number.MAX_SAFE_INTEGER });

describe('seededRandom', () => {
  it('equals an independent version in Python integers, for plain and named streams', () => {
    expect(take(seededRandom(0), 2)).toEqual([0.870254774404272, 0.6697971505310978]);
    expect(take(seededRandom(42), 2)).toEqual([0.4137016681565887, 0.003983993377814743]);
    expect(take(seededRandom(42, 'rollout'), 2)).toEqual([0.7434769260315703, 0.15660123854874453]);
    expect(take(seededRandom(2 ** 53 - 1, 'Würfel'), 2)).toEqual([0.36259422018156306, 0.2980144153399823]);
  });

  it('goes on from a saved state, also through JSON, without being disturbed by the reader', () => {
    fc.assert(
      fc.property(seeds, fc.string(), fc.nat({ max: 50 }), (seed, stream, skipped) => {
        const random = seededRandom(seed, stream);
        take(random, skipped);
        const saved = JSON.stringify(random.state());
        const next = take(random, 5);
        expect(take(restoreRandom(JSON.parse(saved)), 5)).toEqual(next);
        for (const value of next) expect(value >= 0 && value < 1).toBe(true);
      }),
    );
  });

  it('gives neighbouring seeds and different names different streams', () => {
    const firsts = [0, 1, 2].flatMap((seed) =>
      ['', 'a', 'b', 'ab'].map((stream) => seededRandom(seed, stream).next()),
    );
    expect(new Set(firsts).size).toBe(12);
  });

  it('is uniform, also in pairs and across neighbouring seeds (chi-square, 0.001)', () => {
    const random = seededRandom(1);
    const [singles, pairs, acrossSeeds] = [100, 100, 20].map((n) => new Array<number>(n).fill(0));
    for (let i = 0; i < 20_000; i++) {
      const [first, second] = take(random, 2);
      singles[Math.floor(first * 100)]++;
      pairs[Math.floor(first * 10) * 10 + Math.floor(second * 10)]++;
      acrossSeeds[Math.floor(seededRandom(i, 'rollout').next() * 20)]++;
    }
    expect(fits(singles, even(100))).toBe(true);
    expect(fits(pairs, even(100))).toBe(true);
    expect(fits(acrossSeeds, even(20))).toBe(true);
  });

  it.each([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 2 ** 53])('refuses the seed %d', (seed) => {
    expect(() => seededRandom(seed)).toThrow(/^seed is .*: give a whole number at least 0$/);
  });

  it.each([[[]], [[0, 0, 0, 0]], [[1, 2, 3]], [[1, 2, 3, 2 ** 32]], [[1, 2, 3, -1]], [[1, 2, 3, 0.5]]])(
    'refuses the state %j',
    (state) => {
      expect(() => restoreRandom(state)).toThrow(expect.objectContaining({ code: 'invalid_state' }));
    },
  );
});
