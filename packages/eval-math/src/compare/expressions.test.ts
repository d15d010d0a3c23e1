import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkGradeOptions } from '../grade/options.js';
import { readMath } from '../read/read.js';
import { compareExpressions } from './expressions.js';

const equal = (a: string, b: string): boolean =>
  compareExpressions(readMath(a, 'latex')!, readMath(b, 'latex')!, checkGradeOptions({})).equal;

const coefficients = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 5 });
const polynomial = (terms: number[]): string => terms.map((c, power) => `(${c})x^{${power}}`).join('+');

it('tells polynomials by their coefficients', () => {
  const trimmed = (terms: number[]): string =>
    JSON.stringify(terms.slice(0, 1 + terms.findLastIndex((c) => c !== 0)));
  fc.assert(
    fc.property(coefficients, coefficients, (a, b) => {
      expect(equal(polynomial(a), polynomial(b))).toBe(trimmed(a) === trimmed(b));
      expect(equal(polynomial(a), polynomial([...a].reverse().reverse()))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('finds a product equal to its expansion, and no other', () => {
  fc.assert(
    fc.property(coefficients, coefficients, fc.integer({ min: 0, max: 8 }), (a, b, at) => {
      const product = new Array<number>(9).fill(0);
      for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) product[i + j] += x * y;
      const factored = `(${polynomial(a)})(${polynomial(b)})`;
      expect(equal(factored, polynomial(product))).toBe(true);
      expect(equal(factored, polynomial(product.map((c, power) => (power === at ? c + 1 : c))))).toBe(false);
    }),
    { numRuns: 40 },
  );
});

it('finds a surd equal to its simplest form, and no other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 40 }), (outside, inside) => {
      expect(equal(`\\sqrt{${outside ** 2 * inside}}`, `${outside}\\sqrt{${inside}}`)).toBe(true);
      expect(equal(`\\sqrt{${outside ** 2 * inside + 1}}`, `${outside}\\sqrt{${inside}}`)).toBe(false);
    }),
    { numRuns: 40 },
  );
});
