import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  divide,
  equal,
  floor,
  multiply,
  order,
  parseDecimal,
  power,
  rational,
  roundToPlaces,
  subtract,
  TooLargeError,
  whole,
  wholeRoot,
} from './rational.js';

const fractions = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
  .map(([top, bottom]) => rational(top, bottom)!);

describe('fractions', () => {
  it('obey the laws of a field', () => {
    fc.assert(
      fc.property(fractions, fractions, fractions, (a, b, c) => {
        expect(equal(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)))).toBe(true);
        expect(equal(add(subtract(a, b), b), a)).toBe(true);
        if (b.top !== 0n) expect(equal(multiply(divide(a, b)!, b), a)).toBe(true);
        expect(order(a, b)).toBe(
          a.top * b.bottom < b.top * a.bottom ? -1 : a.top * b.bottom > b.top * a.bottom ? 1 : 0,
        );
      }),
    );
  });

  it('are in lowest terms with a positive bottom', () => {
    expect(rational(6n, -4n)).toEqual({ top: -3n, bottom: 2n });
    expect(rational(0n, -4n)).toEqual({ top: 0n, bottom: 1n });
    expect(rational(1n, 0n)).toBeNull();
    expect(divide(whole(1), whole(0))).toBeNull();
  });

  it('round down by floor, and half away from zero to places', () => {
    expect([floor(rational(-7n, 2n)!), floor(rational(7n, 2n)!), floor(whole(-3))]).toEqual([-4n, 3n, -3n]);
    expect(['0.125', '-0.125', '2.5', '1234.5'].map((text) => roundToPlaces(parseDecimal(text)!, 2))).toEqual(
      [13n, -13n, 250n, 123450n],
    );
    expect(roundToPlaces(whole(12_350), -2)).toBe(124n);
  });

  it('have powers as repeated products', () => {
    fc.assert(
      fc.property(fractions, fc.integer({ min: 0, max: 8 }), (a, n) => {
        let product = whole(1);
        for (let i = 0; i < n; i += 1) product = multiply(product, a);
        expect(power(a, BigInt(n))).toEqual(product);
        if (a.top !== 0n) expect(power(a, BigInt(-n))).toEqual(divide(whole(1), product));
      }),
    );
    expect(power(whole(0), -1n)).toBeNull();
  });

  it('refuse to outgrow the limit', () => {
    expect(() => power(whole(10), 10n ** 10n)).toThrow(TooLargeError);
    expect(() => parseDecimal(`1e${'9'.repeat(5)}`)).toThrow(TooLargeError);
    expect(() => parseDecimal('7'.repeat(30_000))).toThrow(TooLargeError);
    expect(power(whole(-1), 10n ** 30n + 1n)).toEqual(whole(-1));
  });
});

describe('parseDecimal', () => {
  it('reads what Number writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-9, max: 1e15 }), (value) => {
        const read = parseDecimal(String(value))!;
        const gap = Math.abs(Number(read.top) / Number(read.bottom) - value);
        expect(gap).toBeLessThanOrEqual(1e-12 * Math.abs(value));
      }),
    );
    expect(parseDecimal('1.5e-3')).toEqual(rational(3n, 2000n));
  });

  it.each(['', '.', '-', '1.2.3', '1e', 'e5', '0x10', ' 1'])('refuses %j', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });
});

describe('wholeRoot', () => {
  it('finds exact roots only', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 2, max: 7 }), (root, degree) => {
        expect(wholeRoot(root ** BigInt(degree), degree)).toBe(root);
        if (root > 1n) expect(wholeRoot(root ** BigInt(degree) + 1n, degree)).toBeNull();
      }),
    );
    expect(wholeRoot(-4n, 2)).toBeNull();
  });
});
