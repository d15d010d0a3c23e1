import type { Node } from '../read/node.js';
import {
  addBalls,
  type Ball,
  ball,
  ballOf,
  Decimal,
  invertBall,
  isReal,
  multiplyBalls,
  NoValueError,
  negateBall,
  signOf,
} from './ball.js';
import { checkTime } from './deadline.js';
import { exactValue, type RationalPoint } from './exact.js';
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
import { isWhole, type Rational, TooLargeError, whole } from './rational.js';

const GOLDEN = ball(new Decimal(5).sqrt().plus(1).div(2));
const DEGREE = multiplyBalls(PI, invertBall(ball(new Decimal(180))));
const MAX_TERMS = 300;

/**
 * A ball that surely holds the value of an expression at a point. A function without a meaning of its own (`f(x)`) takes
 * a value that depends on its name and arguments alone, an integral or limit one that depends on how it is written. Throws {@link NoValueError} where there is no value.
 */
export function approximate(node: Node, point: RationalPoint): Ball {
  checkTime();
  switch (node.kind) {
    case 'number':
    case 'based':
      return ballOf(node.value);
    case 'symbol':
      return ballOf(point.get(node.name) ?? hashed(node.name, []));
    case 'constant':
      return constant(node.name, point);
    case 'add':
      return node.args.map((arg) => approximate(arg, point)).reduce(addBalls);
    case 'multiply':
      return node.args.map((arg) => approximate(arg, point)).reduce(multiplyBalls);
    case 'negate':
      return negateBall(approximate(node.arg, point));
    case 'divide':
      return multiplyBalls(approximate(node.top, point), invertBall(approximate(node.bottom, point)));
    case 'ratio':
      if (node.parts.length !== 2) throw new NoValueError('a ratio of several');
      return multiplyBalls(approximate(node.parts[0], point), invertBall(approximate(node.parts[1], point)));
    case 'percent':
      return multiplyBalls(approximate(node.arg, point), ball(new Decimal('0.01')));
    case 'quantity':
    case 'degrees':
      return approximate(node.arg, point);
    case 'absolute':
      return FUNCTIONS_OF_ONE.absolute(approximate(node.arg, point));
    case 'power':
      return approximatePower(node.base, node.exponent, point);
    case 'call':
      return approximateCall(node, point);
    case 'fold':
      return approximateFold(node, point);
    case 'opaque':
      return ballOf(hashed(node.latex.replace(/\s+/g, ''), []));
    default:
      throw new NoValueError(`${node.kind} has no value`);
  }
}

function constant(name: 'pi' | 'e' | 'i' | 'infinity' | 'phi', point: RationalPoint): Ball {
  const bound = point.get(`\\${name}`);
  if (bound) return ballOf(bound);
  if (name === 'pi') return PI;
  if (name === 'e') return E;
  if (name === 'i') return IMAGINARY;
  if (name === 'phi') return GOLDEN;
  throw new NoValueError('infinity is no number');
}

/** The exact value where there is a small one, so that x^{2/3} and floor(x) take their exact branches. */
function smallExact(node: Node, point: RationalPoint): Rational | null {
  try {
    return exactValue(node, point);
  } catch (error) {
    if (error instanceof TooLargeError) return null;
    throw error;
  }
}

function approximatePower(base: Node, exponent: Node, point: RationalPoint): Ball {
  const value = smallExact(exponent, point);
  if (base.kind === 'constant' && base.name === 'e' && !point.has('\\e'))
    return exponential(approximate(exponent, point));
  const under = approximate(base, point);
  if (value && isWhole(value)) return wholePower(under, value.top);
  if (value && value.bottom <= 60n) return wholePower(root(under, Number(value.bottom)), value.top);
  return generalPower(under, approximate(exponent, point));
}

function approximateCall(node: Extract<Node, { kind: 'call' }>, point: RationalPoint): Ball {
  if (!node.known)
    return ballOf(
      hashed(
        node.name,
        node.args.map((arg) => approximate(arg, point)),
      ),
    );
  const { name, args } = node;
  const exact = smallExact(node, point);
  if (exact) return ballOf(exact);
  if (name === 'log') {
    const value = logarithm(approximate(args[0], point));
    return args.length === 1
      ? multiplyBalls(value, LOG_TEN_INVERSE)
      : multiplyBalls(value, invertBall(logarithm(approximate(args[1], point))));
  }
  if (name === 'root') {
    const degree = smallExact(args[1], point);
    if (!degree || !isWhole(degree) || degree.top < 1n || degree.top > 1000n)
      throw new NoValueError('a root of no whole degree');
    return root(approximate(args[0], point), Number(degree.top));
  }
  if ((name === 'max' || name === 'min') && args.length > 0)
    return extreme(
      name,
      args.map((arg) => approximate(arg, point)),
    );
  if (!Object.hasOwn(FUNCTIONS_OF_ONE, name) || args.length !== 1)
    throw new NoValueError(`${name} has no value`);
  return FUNCTIONS_OF_ONE[name](approximateAngle(args[0], point));
}

const LOG_TEN_INVERSE = invertBall(logarithm(ball(new Decimal(10))));

/** Degrees inside a function are an angle: sin 30° is 1/2. */
function approximateAngle(node: Node, point: RationalPoint): Ball {
  const value = approximate(node, point);
  return containsDegrees(node) ? multiplyBalls(value, DEGREE) : value;
}

function containsDegrees(node: Node): boolean {
  if (node.kind === 'degrees') return true;
  if (node.kind === 'quantity') return node.unit.dimension === 'angle';
  if (node.kind === 'add' || node.kind === 'multiply') return node.args.some(containsDegrees);
  if (node.kind === 'negate') return containsDegrees(node.arg);
  return node.kind === 'divide' && containsDegrees(node.top);
}

function extreme(name: 'max' | 'min', values: Ball[]): Ball {
  const wanted = name === 'max' ? 1 : -1;
  return values.reduce((best, value) => {
    const sign = signOf(addBalls(value, negateBall(best)));
    if (sign === 0 && !(isReal(best) && isReal(value) && best.re.equals(value.re)))
      throw new NoValueError('an order that cannot be told');
    return sign === wanted ? value : best;
  });
}

function approximateFold(node: Extract<Node, { kind: 'fold' }>, point: RationalPoint): Ball {
  const from = smallExact(node.from, point);
  const to = smallExact(node.to, point);
  if (!from || !to || !isWhole(from) || !isWhole(to) || to.top - from.top > MAX_TERMS)
    throw new NoValueError('a sum without whole bounds');
  const join = node.operation === 'sum' ? addBalls : multiplyBalls;
  const inner = new Map(point);
  let total = ballOf(whole(node.operation === 'sum' ? 0 : 1));
  for (let index = from.top; index <= to.top; index += 1n) {
    inner.set(node.index, whole(index));
    total = join(total, approximate(node.body, inner));
  }
  return total;
}

/** A value that depends on a name and arguments alone: two readings of the same unknown agree, others do not. */
function hashed(name: string, args: Ball[]): Rational {
  const key = [
    name,
    ...args.flatMap((arg) => [arg.re, arg.im].map((part) => part.toSignificantDigits(25).toString())),
  ].join('|');
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < key.length; index += 1) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(key.charCodeAt(index))) * 0x100000001b3n);
  }
  return { top: (hash % 999_979n) + 100_000n, bottom: 500_009n };
}
