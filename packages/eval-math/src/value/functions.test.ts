import { Decimal as DecimalJs } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBalls, ball, Decimal, multiplyBalls, NoValueError, negateBall, size } from './ball.js';
import {
  E,
  exponential,
  FUNCTIONS_OF_ONE,
  generalPower,
  IMAGINARY,
  logarithm,
  PI,
  root,
  wholePower,
} from './functions.js';

const real = (value: number) => ball(new Decimal(value));
const [sin, cos, sqrt] = [FUNCTIONS_OF_ONE.sin, FUNCTIONS_OF_ONE.cos, FUNCTIONS_OF_ONE.sqrt];
/** Arithmetic of 120 digits, for what the balls must hold. */
const Fine = DecimalJs.clone({ precision: 120 });

describe('functions of balls', () => {
  it.each([
    ['sin', Math.sin, -20, 20],
    ['cos', Math.cos, -20, 20],
    ['tan', Math.tan, -1.5, 1.5],
    ['arcsin', Math.asin, -0.999, 0.999],
    ['arccos', Math.acos, -0.999, 0.999],
    ['arctan', Math.atan, -50, 50],
    ['sinh', Math.sinh, -10, 10],
    ['cosh', Math.cosh, -10, 10],
    ['tanh', Math.tanh, -10, 10],
    ['arcsinh', Math.asinh, 0, 50],
    ['arctanh', Math.atanh, -0.99, 0.99],
    ['exp', Math.exp, -20, 20],
    ['ln', Math.log, 0.001, 1000],
    ['sqrt', Math.sqrt, 0.001, 1000],
    ['cbrt', Math.cbrt, -1000, 1000],
  ] as const)('%s agrees with Math over its domain', (name, reference, min, max) => {
    fc.assert(
      fc.property(fc.double({ min, max, noNaN: true }), (x) => {
        const expected = reference(x);
        const value = FUNCTIONS_OF_ONE[name](real(x)).re.toNumber();
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
      }),
      { numRuns: 40 },
    );
  });

  it('hold the true value within the stated error', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 30, noNaN: true }), (x) => {
        for (const [value, truth] of [
          [exponential(real(x)), Fine.exp(x)],
          [logarithm(real(x)), Fine.ln(x)],
          [sin(real(x)), Fine.sin(x)],
          [sqrt(real(x)), Fine.sqrt(x)],
        ] as const)
          expect(truth.minus(value.re).abs().lessThanOrEqualTo(value.error.times(2).plus('1e-55'))).toBe(
            true,
          );
      }),
      { numRuns: 40 },
    );
  });

  it('carry the error of what goes in', () => {
    const wide = ball(new Decimal(2), undefined, new Decimal('0.001'));
    for (const change of ['0.0009', '-0.0009'])
      for (const [name, truth] of [
        ['exp', Math.exp],
        ['ln', Math.log],
        ['sin', Math.sin],
        ['sqrt', Math.sqrt],
      ] as const) {
        const value = FUNCTIONS_OF_ONE[name](wide);
        expect(Math.abs(truth(2 + Number(change)) - value.re.toNumber())).toBeLessThanOrEqual(
          value.error.toNumber(),
        );
      }
  });

  it("agree with Euler's formula and de Moivre", () => {
    const minusOne = exponential(multiplyBalls(IMAGINARY, PI));
    expect(size(addBalls(minusOne, real(1))).lessThanOrEqualTo(minusOne.error.times(2))).toBe(true);
    const turned = wholePower(addBalls(cos(real(0.3)), multiplyBalls(IMAGINARY, sin(real(0.3)))), 7n);
    expect(turned.re.toNumber()).toBeCloseTo(Math.cos(2.1), 12);
    expect(turned.im.toNumber()).toBeCloseTo(Math.sin(2.1), 12);
  });

  it('have the real root of odd degree, and principal powers', () => {
    expect(root(real(-8), 3).re.toNumber()).toBeCloseTo(-2, 12);
    expect(root(real(-4), 2).im.toNumber()).toBeCloseTo(2, 12);
    expect(generalPower(E, real(2)).re.toNumber()).toBeCloseTo(Math.E ** 2, 10);
    expect(wholePower(real(2), -3n).re.toNumber()).toBe(0.125);
  });

  it.each([
    ['ln 0', () => logarithm(real(0))],
    ['1/0', () => FUNCTIONS_OF_ONE.csc(real(0))],
    ['e^1000000', () => exponential(real(1e6))],
    ['sin 1e30', () => sin(real(1e30))],
    ['x^10^9', () => wholePower(real(2), 10n ** 9n)],
    ['floor at a step', () => FUNCTIONS_OF_ONE.floor(ball(new Decimal(2), undefined, new Decimal('1e-9')))],
    ['0^-1', () => generalPower(real(0), negateBall(real(1)))],
  ])('have no value for %s', (_, evaluate) => {
    expect(evaluate).toThrow(NoValueError);
  });
});
