import type { Node } from '../read/node.js';
import { freeSymbols, some } from '../read/walk.js';
import { approximate } from '../value/approximate.js';
import {
  addBalls,
  type Ball,
  ballOf,
  Decimal,
  isReal,
  NoValueError,
  negateBall,
  size,
} from '../value/ball.js';
import { exactValue } from '../value/exact.js';
import {
  absolute,
  equal,
  order,
  parseDecimal,
  type Rational,
  roundToPlaces,
  subtract,
  TooLargeError,
} from '../value/rational.js';
import { type Comparison, different, type Outcome, same } from './outcome.js';

/** A number as far as it is known: exactly, or as a ball around it. `rounded` where it was written as a decimal. */
export interface Constant {
  readonly exact: Rational | null;
  readonly ball: Ball;
  readonly rounded: boolean;
}

/** The value of an expression without symbols, or `null` where it has none within the limits. */
export function constantOf(node: Node): Constant | null {
  if (freeSymbols(node).length > 0 || some(node, isUnknownCall)) return null;
  try {
    const exact = exactValue(node);
    return { exact, ball: exact ? ballOf(exact) : approximate(node, new Map()), rounded: isRounded(node) };
  } catch (error) {
    if (error instanceof TooLargeError) return approximateOnly(node);
    if (error instanceof NoValueError) return null;
    throw error;
  }
}

const isUnknownCall = (node: Node): boolean => node.kind === 'call' && !node.known;

function approximateOnly(node: Node): Constant | null {
  try {
    return { exact: null, ball: approximate(node, new Map()), rounded: isRounded(node) };
  } catch (error) {
    if (error instanceof TooLargeError || error instanceof NoValueError) return null;
    throw error;
  }
}

/** Whether the expression is one written decimal, which may stand for a longer number that was rounded. */
export function isRounded(node: Node): boolean {
  switch (node.kind) {
    case 'number':
      return node.decimal;
    case 'negate':
    case 'percent':
    case 'degrees':
    case 'quantity':
      return isRounded(node.arg);
    case 'multiply':
      return node.args.length === 2 && isRounded(node.args[0]) && isPowerOfTen(node.args[1]);
    case 'add':
      return (
        node.args.length === 2 &&
        node.args.every((arg) => isRounded(arg) || isRoundedImaginary(arg)) &&
        node.args.some(isRoundedImaginary)
      );
    default:
      return false;
  }
}

const isPowerOfTen = (node: Node): boolean =>
  node.kind === 'power' &&
  node.base.kind === 'number' &&
  node.base.value.top === 10n &&
  node.base.value.bottom === 1n;

const isRoundedImaginary = (node: Node): boolean =>
  node.kind === 'negate'
    ? isRoundedImaginary(node.arg)
    : node.kind === 'multiply' &&
      node.args.length === 2 &&
      isRounded(node.args[0]) &&
      node.args[1].kind === 'constant' &&
      node.args[1].name === 'i';

/** Balls this close, relative to their size, hold one number: no short expressions come nearer without being equal. */
const AGREEMENT = new Decimal('1e-45');
/** Beyond this size two different whole numbers agree to all digits held, so nothing is concluded. */
const LARGEST_COMPARED = new Decimal('1e40');

/** Compares two numbers: exactly, by rounding where one is a written decimal, else by balls. */
export function compareConstants(gold: Constant, prediction: Constant, comparison: Comparison): Outcome {
  if (gold.exact && prediction.exact && equal(gold.exact, prediction.exact))
    return same('exact-value', 'both have the same exact value');
  if (comparison.tolerance > 0 && withinTolerance(gold, prediction, comparison.tolerance)) {
    return same('rounded-value', `equal within ${comparison.tolerance}`);
  }
  if (gold.rounded || prediction.rounded || comparison.significantDigits !== null)
    return compareRounded(gold, prediction, comparison);
  if (gold.exact && prediction.exact) return different('exact-value', 'the exact values differ');
  return compareBalls(gold.ball, prediction.ball);
}

function withinTolerance(gold: Constant, prediction: Constant, tolerance: number): boolean {
  return size(addBalls(gold.ball, negateBall(prediction.ball))).lessThanOrEqualTo(
    new Decimal(tolerance).times('1.000000001'),
  );
}

/** Compares two balls: apart, surely different; closer than any two short expressions, equal. */
export function compareBalls(gold: Ball, prediction: Ball): Outcome {
  const difference = addBalls(gold, negateBall(prediction));
  if (size(difference).greaterThan(difference.error))
    return different('interval-arithmetic', 'the values lie apart');
  const scale = Decimal.max(size(gold), size(prediction), new Decimal('1e-30'));
  if (scale.greaterThan(LARGEST_COMPARED))
    return different('undecided', 'the values are too large to tell apart');
  return difference.error.lessThanOrEqualTo(scale.times(AGREEMENT))
    ? same('interval-arithmetic', 'the values agree to 45 digits')
    : different('undecided', 'the values could not be computed closely enough');
}

function compareRounded(gold: Constant, prediction: Constant, comparison: Comparison): Outcome {
  const complex = !isReal(gold.ball) || !isReal(prediction.ball);
  if (complex) return compareRoundedParts(gold, prediction, comparison);
  const places = placesFor(gold, prediction, comparison);
  const [left, right] = [gold, prediction].map(realPart);
  if (!left || !right) return different('undecided', 'the values are too large to round');
  if (roundToPlaces(left, places) === roundToPlaces(right, places) || isClose(left, right, places))
    return same('rounded-value', `equal when rounded to ${places} places`);
  return different('rounded-value', `different when rounded to ${places} places`);
}

function compareRoundedParts(gold: Constant, prediction: Constant, comparison: Comparison): Outcome {
  const difference = addBalls(gold.ball, negateBall(prediction.ball));
  const close = size(difference).lessThanOrEqualTo(new Decimal(10).pow(-comparison.precision));
  return close
    ? same('rounded-value', `equal to ${comparison.precision} places`)
    : different('rounded-value', `different at ${comparison.precision} places`);
}

/** Rounding splits neighbours: values a thousandth of a unit in the last place apart count as one. */
function isClose(left: Rational, right: Rational, places: number): boolean {
  const gap = absolute(subtract(left, right));
  const unit =
    places + 3 >= 0
      ? { top: 1n, bottom: 10n ** BigInt(places + 3) }
      : { top: 10n ** BigInt(-places - 3), bottom: 1n };
  return order(gap, unit) <= 0;
}

/**
 * Decimal places to round to. Small numbers keep `precision - 3` significant digits (at least one), so that
 * 0.0000001 is not 0.0000002; with `significantDigits`, the gold's size decides.
 */
function placesFor(gold: Constant, prediction: Constant, comparison: Comparison): number {
  const reference = size(gold.ball).isZero() ? size(prediction.ball) : size(gold.ball);
  const exponent = reference.isZero() ? 0 : Math.floor(Decimal.log10(reference).toNumber());
  if (comparison.significantDigits !== null)
    return Math.min(comparison.significantDigits - 1 - exponent, 1_000);
  const least = Math.max(1, comparison.precision - 3) - 1 - exponent;
  return Math.min(Math.max(comparison.precision, least), 1_000);
}

function realPart(value: Constant): Rational | null {
  if (value.exact) return value.exact;
  if (value.ball.re.abs().greaterThan(LARGEST_COMPARED)) return null;
  return parseDecimal(value.ball.re.toFixed(55));
}
