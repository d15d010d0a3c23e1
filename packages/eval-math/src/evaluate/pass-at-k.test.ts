import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passAtK } from './pass-at-k.js';

/** Share of the k-subsets of n samples, the first c of them right, that hold a right one; by listing them all. */
function byEnumeration(n: number, c: number, k: number): number {
  let subsets = 0;
  let passed = 0;
  for (let mask = 0; mask < 2 ** n; mask += 1) {
    const members = Array.from({ length: n }, (_, index) => index).filter((index) => (mask >> index) & 1);
    if (members.length !== k) continue;
    subsets += 1;
    if (members.some((index) => index < c)) passed += 1;
  }
  return passed / subsets;
}

describe('passAtK', () => {
  it('is the share of subsets that hold a right sample', () => {
    for (let n = 1; n <= 9; n += 1)
      for (let c = 0; c <= n; c += 1)
        for (let k = 1; k <= n; k += 1) expect(passAtK(n, c, k)).toBeCloseTo(byEnumeration(n, c, k), 12);
  });

  it('rises with k and with the right samples, and stays in 0..1 for many samples', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 2, max: 100_000 })
          .chain((n) => fc.tuple(fc.constant(n), fc.nat({ max: n - 1 }), fc.integer({ min: 1, max: n - 1 }))),
        ([n, c, k]) => {
          const value = passAtK(n, c, k);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
          expect(passAtK(n, c, k + 1)).toBeGreaterThanOrEqual(value);
          expect(passAtK(n, c + 1, k)).toBeGreaterThanOrEqual(value);
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    [0, 0, 1],
    [4, 5, 1],
    [4, 1, 5],
    [4, -1, 1],
    [4, 1, 0],
    [4, 1.5, 1],
  ])('refuses n = %d, c = %d, k = %d', (n, c, k) => {
    expect(() => passAtK(n, c, k)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
