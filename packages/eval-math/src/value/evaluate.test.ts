import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMath } from '../read/read.js';
import { approximate } from './approximate.js';
import { NoValueError } from './ball.js';
import { exactValue } from './exact.js';
import { rational, TooLargeError, whole } from './rational.js';

const exact = (latex: string) => exactValue(readMath(latex, 'latex')!);
const near = (latex: string): number => approximate(readMath(latex, 'latex')!, new Map()).re.toNumber();

describe('exactValue', () => {
  it.each([
    ['\\frac{1}{2} + \\frac{1}{3}', [5n, 6n]],
    ['2^{-3}', [1n, 8n]],
    ['-2^2', [-4n, 1n]],
    ['2^{3^2}', [512n, 1n]],
    ['8^{\\frac{2}{3}}', [4n, 1n]],
    ['\\sqrt{\\frac{9}{4}}', [3n, 2n]],
    ['\\sqrt[3]{-27}', [-3n, 1n]],
    ['10!', [3_628_800n, 1n]],
    ['7!!', [105n, 1n]],
    ['\\binom{49}{6}', [13_983_816n, 1n]],
    ['\\binom{5}{7}', [0n, 1n]],
    ['\\sum_{k=1}^{100} k^2', [338_350n, 1n]],
    ['\\prod_{k=1}^{6} \\frac{k}{k+1}', [1n, 7n]],
    ['\\sum_{i=1}^{3} \\sum_{j=1}^{i} i j', [25n, 1n]],
    ['\\lfloor -2.5 \\rfloor', [-3n, 1n]],
    ['\\lceil 2.1 \\rceil', [3n, 1n]],
    ['\\gcd(84, 36)', [12n, 1n]],
    ['\\operatorname{lcm}(4, 6)', [12n, 1n]],
    ['-7 \\bmod 3', [-1n, 1n]],
    ['|-3|', [3n, 1n]],
    ['\\max(1, 3, 2)', [3n, 1n]],
    ['0.1\\overline{6}', [1n, 6n]],
    ['2\\frac{3}{4}', [11n, 4n]],
    ['50\\%', [1n, 2n]],
    ['1011_2', [11n, 1n]],
  ])('of %s', (latex, [top, bottom]) => {
    expect(exact(latex)).toEqual(rational(top, bottom));
  });

  it.each(['\\sqrt{2}', '\\pi', 'x', '\\frac{1}{0}', '\\sin 1', 'f(2)', '\\infty'])(
    'has none for %s',
    (latex) => {
      expect(exact(latex)).toBeNull();
    },
  );

  it.each(['10^{10^{10}}', '3^{99999}', '2000!^{100}'])('gives up on %s', (latex) => {
    expect(() => exact(latex)).toThrow(TooLargeError);
  });
});

describe('approximate', () => {
  it.each([
    ['\\sin\\frac{\\pi}{6}', 0.5],
    ['\\sin 30^\\circ', 0.5],
    ['\\sin 30', Math.sin(30)],
    ['\\tan^{-1} 1', Math.PI / 4],
    ['\\sin^2 1', Math.sin(1) ** 2],
    ['\\log_2 10', Math.log2(10)],
    ['\\log 50', Math.log10(50)],
    ['\\ln 2', Math.LN2],
    ['e^{\\frac12}', Math.sqrt(Math.E)],
    ['2^{\\sqrt2}', 2 ** Math.SQRT2],
    ['\\sqrt[4]{5}', 5 ** 0.25],
    ['|3 + 4i|', 5],
    ['\\frac{1 + \\sqrt5}{2}', (1 + Math.sqrt(5)) / 2],
    [
      '\\sum_{k=1}^{50} \\frac{1}{k^2}',
      Array.from({ length: 50 }, (_, k) => 1 / (k + 1) ** 2).reduce((a, b) => a + b),
    ],
  ])('is close to the number for %s', (latex, value) => {
    expect(near(latex)).toBeCloseTo(value, 10);
  });

  it('agrees with the exact value of polynomials at rational points', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: -50, max: 50 }),
        (coefficients, seventh) => {
          const latex = coefficients.map((c, power) => `(${c})x^{${power}}`).join('+');
          const point = new Map([['x', rational(BigInt(seventh), 7n)!]]);
          const node = readMath(latex, 'latex')!;
          const byHorner = coefficients.reduceRight((total, c) => total * (seventh / 7) + c, 0);
          const value = exactValue(node, point)!;
          expect(Number(value.top) / Number(value.bottom)).toBeCloseTo(byHorner, 4);
          expect(approximate(node, point).re.toNumber()).toBeCloseTo(byHorner, 4);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives an unknown function one value for equal arguments, and another for others', () => {
    const value = (latex: string): string =>
      approximate(readMath(latex, 'latex')!, new Map([['x', whole(2)]])).re.toString();
    expect(value('f(x+1)')).toBe(value('f(3)'));
    expect(value('f(x)')).not.toBe(value('f(3)'));
    expect(value('f(x)')).not.toBe(value('g(x)'));
  });

  it.each(['\\frac{1}{0}', '\\infty', '\\ln 0', '\\tan\\frac{\\pi}{2}', '(1, 2)', '\\text{yes}'])(
    'has none for %s',
    (latex) => {
      expect(() => near(latex)).toThrow(NoValueError);
    },
  );
});
