import { Decimal as DecimalJs } from 'decimal.js';
import type { Rational } from './rational.js';

/** Arithmetic of 60 significant digits; nothing in it is shared with other users of decimal.js. */
export const Decimal = DecimalJs.clone({
  precision: 60,
  defaults: true,
  toExpNeg: -40,
  toExpPos: 60,
  maxE: 1_000_000,
  minE: -1_000_000,
});
export type Decimal = DecimalJs;

/** A complex number known to lie within `error` of re + i·im. */
export interface Ball {
  readonly re: Decimal;
  readonly im: Decimal;
  readonly error: Decimal;
}

/** Thrown inside the checker where an expression has no value at a point, or none that can be bounded. */
export class NoValueError extends Error {}

const ZERO = new Decimal(0);
const ROUNDING = new Decimal('1e-57');

/** A ball around re + i·im that also covers the rounding of the operation that made it. */
export function ball(re: Decimal, im: Decimal = ZERO, error: Decimal = ZERO): Ball {
  if (!re.isFinite() || !im.isFinite() || !error.isFinite()) throw new NoValueError('not finite');
  return { re, im, error: error.plus(re.abs().plus(im.abs()).times(ROUNDING)) };
}

export const ballOf = (value: Rational): Ball =>
  ball(leadingDigits(value.top).div(leadingDigits(value.bottom)));

/** More digits than this of a whole number lie far below what the arithmetic keeps, and take long to read. */
const KEPT_DIGITS = 100;

function leadingDigits(value: bigint): Decimal {
  const text = value.toString();
  return text.length <= KEPT_DIGITS
    ? new Decimal(text)
    : new Decimal(`${text.slice(0, KEPT_DIGITS)}e${text.length - KEPT_DIGITS}`);
}

export const isReal = (a: Ball): boolean => a.im.isZero();

/** Whether the ball surely holds no real number. */
export const isNonReal = (a: Ball): boolean => a.im.abs().greaterThan(a.error);

/** An upper bound of |a|. */
export const bound = (a: Ball): Decimal => a.re.abs().plus(a.im.abs()).plus(a.error);

/** |centre of a|. */
export const size = (a: Ball): Decimal =>
  a.im.isZero() ? a.re.abs() : a.re.times(a.re).plus(a.im.times(a.im)).sqrt();

export const addBalls = (a: Ball, b: Ball): Ball =>
  ball(a.re.plus(b.re), a.im.plus(b.im), a.error.plus(b.error).plus(bound(a).plus(bound(b)).times(ROUNDING)));

export const negateBall = (a: Ball): Ball => ({ re: a.re.neg(), im: a.im.neg(), error: a.error });

export function multiplyBalls(a: Ball, b: Ball): Ball {
  const error = bound(a)
    .times(b.error)
    .plus(bound(b).times(a.error))
    .plus(bound(a).times(bound(b)).times(ROUNDING));
  if (isReal(a) && isReal(b)) return ball(a.re.times(b.re), ZERO, error);
  return ball(a.re.times(b.re).minus(a.im.times(b.im)), a.re.times(b.im).plus(a.im.times(b.re)), error);
}

export function invertBall(a: Ball): Ball {
  const distance = size(a).minus(a.error);
  if (!distance.greaterThan(0)) throw new NoValueError('division by zero');
  const error = a.error.div(distance.times(distance)).plus(new Decimal(1).div(distance).times(ROUNDING));
  if (isReal(a)) return ball(new Decimal(1).div(a.re), ZERO, error);
  const norm = a.re.times(a.re).plus(a.im.times(a.im));
  return ball(a.re.div(norm), a.im.neg().div(norm), error);
}

/** Whether the real ball surely lies above 0 (1), below (-1), or cannot be told (0). */
export function signOf(a: Ball): -1 | 0 | 1 {
  if (!isReal(a)) return 0;
  if (a.re.minus(a.error).greaterThan(0)) return 1;
  return a.re.plus(a.error).lessThan(0) ? -1 : 0;
}
