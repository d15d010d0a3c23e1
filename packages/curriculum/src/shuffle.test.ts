import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { even, fits } from '../test/chi-square.js';
import { seededRandom } from './seeded-random.js';
import { shuffle } from './shuffle.js';
import { uniformInt } from './uniform-int.js';

describe('shuffle', () => {
  it('keeps the items and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const before = [...items];
        const shuffled = shuffle(items, seededRandom(seed));
        expect(items).toEqual(before);
        expect([...shuffled].sort((a, b) => a - b)).toEqual(before.sort((a, b) => a - b));
      }),
    );
  });

  it('makes each of the 24 orders of four items equally likely (chi-square, 0.001)', () => {
    const random = seededRandom(2);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = shuffle('abcd'.split(''), random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(fits([...counts.values()], even(24))).toBe(true);
  });
});

describe('uniformInt', () => {
  it('makes each of 0..n-1 equally likely (chi-square, 0.001)', () => {
    const random = seededRandom(3);
    const counts = new Array<number>(20).fill(0);
    for (let i = 0; i < 20_000; i++) counts[uniformInt(20, random)]++;
    expect(fits(counts, even(20))).toBe(true);
  });

  it('never reaches n', () => {
    const almostOne = { next: () => 1 - 2 ** -53, state: () => [] };
    for (const n of [1, 2, 3, 1000, 2 ** 32]) expect(uniformInt(n, almostOne)).toBe(n - 1);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 32 + 1])('refuses n = %d', (n) => {
    expect(() => uniformInt(n, seededRandom(0))).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});
