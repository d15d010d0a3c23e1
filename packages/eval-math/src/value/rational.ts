import { checkTime } from './deadline.js';

/** An exact fraction in lowest terms; `bottom` is positive. */
export interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** Numbers with more decimal digits than this are refused, so that no answer can fill the memory. */
const MAX_DIGITS = 20_000;
const MAX_MAGNITUDE = 10n ** BigInt(MAX_DIGITS);

/** Thrown inside the checker where an exact value would outgrow {@link MAX_DIGITS}; never leaves the package. */
export class TooLargeError extends Error {}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [magnitude(a), magnitude(b)];
  for (let step = 1; y !== 0n; step += 1) {
    if (step % 64 === 0) checkTime();
    [x, y] = [y, x % y];
  }
  return x;
}

/** The fraction top/bottom in lowest terms, or `null` where bottom is 0. */
export function rational(top: bigint, bottom = 1n): Rational | null {
  if (bottom === 0n) return null;
  if (bottom === 1n) {
    if (magnitude(top) > MAX_MAGNITUDE) throw new TooLargeError();
    return { top, bottom };
  }
  if (magnitude(top) > MAX_MAGNITUDE || magnitude(bottom) > MAX_MAGNITUDE) throw new TooLargeError();
  const divisor = greatestCommonDivisor(top, bottom);
  const sign = bottom < 0n ? -1n : 1n;
  return { top: (sign * top) / divisor, bottom: (sign * bottom) / divisor };
}

/** A whole number as a fraction. */
export const whole = (value: bigint | number): Rational => rational(BigInt(value))!;

export const ZERO = whole(0);
export const ONE = whole(1);

export const add = (a: Rational, b: Rational): Rational =>
  rational(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom)!;

export const negate = (a: Rational): Rational => ({ top: -a.top, bottom: a.bottom });

export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b));

export const multiply = (a: Rational, b: Rational): Rational => rational(a.top * b.top, a.bottom * b.bottom)!;

/** a / b, or `null` where b is 0. */
export const divide = (a: Rational, b: Rational): Rational | null =>
  rational(a.top * b.bottom, a.bottom * b.top);

export const isWhole = (a: Rational): boolean => a.bottom === 1n;

const isZero = (a: Rational): boolean => a.top === 0n;

export const equal = (a: Rational, b: Rational): boolean => a.top === b.top && a.bottom === b.bottom;

/** -1, 0 or 1 as a is below, at or above b. */
export function order(a: Rational, b: Rational): -1 | 0 | 1 {
  const difference = a.top * b.bottom - b.top * a.bottom;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const absolute = (a: Rational): Rational => ({ top: magnitude(a.top), bottom: a.bottom });

const digitsOf = (value: bigint): number => magnitude(value).toString(16).length * 1.21;

/** a to a whole power, or `null` for 0 to a negative one. Throws {@link TooLargeError} past {@link MAX_DIGITS}. */
export function power(a: Rational, exponent: bigint): Rational | null {
  if (exponent === 0n) return ONE;
  if (isZero(a)) return exponent > 0n ? ZERO : null;
  const times = magnitude(exponent);
  if (magnitude(a.top) !== 1n || a.bottom !== 1n) {
    const digits = Math.max(digitsOf(a.top), digitsOf(a.bottom)) - 1;
    if (times > 100_000n || digits * Number(times) > MAX_DIGITS) throw new TooLargeError();
  }
  const parity = times % 2n;
  const base = magnitude(a.top) === 1n && a.bottom === 1n;
  const top = base ? (a.top < 0n && parity === 1n ? -1n : 1n) : a.top ** times;
  const bottom = base ? 1n : a.bottom ** times;
  return exponent > 0n ? rational(top, bottom) : rational(bottom, top);
}

/** floor(a). */
export function floor(a: Rational): bigint {
  const quotient = a.top / a.bottom;
  return a.top < 0n && quotient * a.bottom !== a.top ? quotient - 1n : quotient;
}

/** Roots of larger numbers than this many bits are not looked for. */
const MAX_ROOT_BITS = 4_000;

/** The whole r-th root of a non-negative whole number where it is exact and below {@link MAX_ROOT_BITS}, else `null`. */
export function wholeRoot(value: bigint, degree: number): bigint | null {
  if (value < 0n) return null;
  if (value < 2n) return value;
  const bits = value.toString(2).length;
  if (bits > MAX_ROOT_BITS) return null;
  let high = 1n << BigInt(Math.ceil(bits / degree) + 1);
  let low = 0n;
  const exponent = BigInt(degree);
  while (high - low > 1n) {
    checkTime();
    const middle = (low + high) / 2n;
    if (middle ** exponent <= value) low = middle;
    else high = middle;
  }
  return low ** exponent === value ? low : null;
}

/** A written decimal such as `-12.50` or `1.5e-3` as an exact fraction, or `null` if it is none. */
export function parseDecimal(text: string): Rational | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text);
  if (!match || (match[2] === '' && !match[3])) return null;
  const fraction = match[3] ?? '';
  const shift = Number(match[4] ?? 0) - fraction.length;
  const wholeDigits = match[2] + fraction;
  if (wholeDigits.length + Math.abs(shift) > MAX_DIGITS) throw new TooLargeError();
  const digits = BigInt(wholeDigits) * (match[1] === '-' ? -1n : 1n);
  return shift >= 0 ? rational(digits * 10n ** BigInt(shift)) : rational(digits, 10n ** BigInt(-shift));
}

/** a rounded half away from zero to `places` decimal places, in units of 10^-places. */
export function roundToPlaces(a: Rational, places: number): bigint {
  const scaled = absolute(a);
  const up = places >= 0 ? 10n ** BigInt(places) : 1n;
  const down = places < 0 ? 10n ** BigInt(-places) : 1n;
  const twice = (2n * scaled.top * up + scaled.bottom * down) / (2n * scaled.bottom * down);
  return a.top < 0n ? -twice : twice;
}

/** A short way to write a, for the reader of a verdict. */
export const show = (a: Rational): string => (a.bottom === 1n ? `${a.top}` : `${a.top}/${a.bottom}`);
