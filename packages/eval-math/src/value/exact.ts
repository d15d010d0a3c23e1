import type { Node } from '../read/node.js';
import { checkTime } from './deadline.js';
import {
  absolute,
  add,
  divide,
  floor,
  isWhole,
  multiply,
  negate,
  ONE,
  order,
  power,
  type Rational,
  rational,
  subtract,
  whole,
  wholeRoot,
  ZERO,
} from './rational.js';

/** Values for the symbols of an expression. */
export type RationalPoint = ReadonlyMap<string, Rational>;

const NOWHERE: RationalPoint = new Map();

/** Largest argument of an exact factorial. */
const MAX_FACTORIAL = 3_000n;
/** Most terms of an exact sum or product. */
const MAX_TERMS = 2_000;

/**
 * The exact value of an expression at a point, or `null` where it is not rational or not defined there.
 * Throws `TooLargeError` where it would outgrow the limits of {@link Rational}.
 */
export function exactValue(node: Node, point: RationalPoint = NOWHERE): Rational | null {
  checkTime();
  switch (node.kind) {
    case 'number':
    case 'based':
      return node.value;
    case 'symbol':
      return point.get(node.name) ?? null;
    case 'constant':
      return point.get(`\\${node.name}`) ?? null;
    case 'add':
      return fold(node.args, point, add, ZERO);
    case 'multiply':
      return fold(node.args, point, multiply, ONE);
    case 'negate':
      return map(node.arg, point, negate);
    case 'divide':
      return both(node.top, node.bottom, point, divide);
    case 'ratio':
      return node.parts.length === 2 ? both(node.parts[0], node.parts[1], point, divide) : null;
    case 'percent':
      return map(node.arg, point, (value) => divide(value, whole(100)));
    case 'quantity':
    case 'degrees':
      return exactValue(node.arg, point);
    case 'absolute':
      return map(node.arg, point, absolute);
    case 'power':
      return both(node.base, node.exponent, point, rationalPower);
    case 'call':
      return node.known ? exactCall(node.name, node.args, point) : null;
    case 'fold':
      return exactFold(node, point);
    default:
      return null;
  }
}

function map(
  node: Node,
  point: RationalPoint,
  change: (value: Rational) => Rational | null,
): Rational | null {
  const value = exactValue(node, point);
  return value && change(value);
}

function both(
  left: Node,
  right: Node,
  point: RationalPoint,
  join: (a: Rational, b: Rational) => Rational | null,
): Rational | null {
  const a = exactValue(left, point);
  const b = a && exactValue(right, point);
  return a && b && join(a, b);
}

function fold(
  nodes: Node[],
  point: RationalPoint,
  join: (a: Rational, b: Rational) => Rational,
  start: Rational,
): Rational | null {
  let total = start;
  for (const node of nodes) {
    const value = exactValue(node, point);
    if (!value) return null;
    total = join(total, value);
  }
  return total;
}

/** a^b where that is rational; odd roots of negative numbers are the real ones. */
function rationalPower(base: Rational, exponent: Rational): Rational | null {
  if (isWhole(exponent)) return power(base, exponent.top);
  if (exponent.bottom > 60n) return null;
  const root = rationalRoot(base, Number(exponent.bottom));
  return root && power(root, exponent.top);
}

function rationalRoot(value: Rational, degree: number): Rational | null {
  if (value.top < 0n) {
    const positive = degree % 2 === 1 ? rationalRoot(negate(value), degree) : null;
    return positive && negate(positive);
  }
  const top = wholeRoot(value.top, degree);
  const bottom = top === null ? null : wholeRoot(value.bottom, degree);
  return top === null || bottom === null ? null : rational(top, bottom);
}

function exactCall(name: string, nodes: Node[], point: RationalPoint): Rational | null {
  const args: Rational[] = [];
  for (const node of nodes) {
    const value = exactValue(node, point);
    if (!value) return null;
    args.push(value);
  }
  const [a, b] = args;
  switch (name) {
    case 'sqrt':
      return args.length === 1 ? rationalPower(a, rational(1n, 2n)!) : null;
    case 'cbrt':
      return rationalPower(a, rational(1n, 3n)!);
    case 'root':
      return b && isWhole(b) && b.top > 0n ? rationalPower(a, rational(1n, b.top)!) : null;
    case 'factorial':
      return factorial(a, 1n);
    case 'doubleFactorial':
      return factorial(a, 2n);
    case 'binom':
      return binomial(a, b);
    case 'floor':
      return whole(floor(a));
    case 'ceil':
      return whole(-floor(negate(a)));
    case 'max':
      return args.reduce((best, value) => (order(value, best) > 0 ? value : best));
    case 'min':
      return args.reduce((best, value) => (order(value, best) < 0 ? value : best));
    case 'gcd':
    case 'lcm':
      return args.every(isWhole) ? args.reduce((x, y) => (name === 'gcd' ? gcd(x, y) : lcm(x, y))) : null;
    case 'mod':
      return b && b.top !== 0n ? modulo(a, b) : null;
    case 'sgn':
      return whole(order(a, ZERO));
    case 're':
    case 'conjugate':
      return a;
    case 'im':
      return ZERO;
    default:
      return null;
  }
}

function factorial(value: Rational, step: bigint): Rational | null {
  if (!isWhole(value) || value.top < 0n || value.top > MAX_FACTORIAL) return null;
  let total = 1n;
  for (let factor = value.top; factor > 1n; factor -= step) {
    checkTime();
    total *= factor;
  }
  return rational(total);
}

/** n over k for whole k >= 0 and any rational n. */
function binomial(n: Rational, k: Rational | undefined): Rational | null {
  if (!k || !isWhole(k) || k.top > MAX_FACTORIAL) return null;
  if (k.top < 0n) return ZERO;
  if (isWhole(n) && n.top >= 0n && n.top - k.top < k.top) {
    if (n.top < k.top) return ZERO;
    return binomial(n, subtract(n, k));
  }
  let total = ONE;
  for (let index = 0n; index < k.top; index += 1n) {
    checkTime();
    total = multiply(total, divide(subtract(n, whole(index)), whole(index + 1n))!);
  }
  return total;
}

function gcd(a: Rational, b: Rational): Rational {
  let [x, y] = [absolute(a).top, absolute(b).top];
  while (y !== 0n) [x, y] = [y, x % y];
  return whole(x);
}

const lcm = (a: Rational, b: Rational): Rational =>
  a.top === 0n || b.top === 0n ? ZERO : divide(absolute(multiply(a, b)), gcd(a, b))!;

function modulo(a: Rational, b: Rational): Rational | null {
  const quotient = divide(a, b);
  return quotient && subtract(a, multiply(b, whole(floor(quotient))));
}

function exactFold(node: Extract<Node, { kind: 'fold' }>, point: RationalPoint): Rational | null {
  const from = exactValue(node.from, point);
  const to = from && exactValue(node.to, point);
  if (!from || !to || !isWhole(from) || !isWhole(to) || to.top - from.top > MAX_TERMS) return null;
  const inner = new Map(point);
  let total = node.operation === 'sum' ? ZERO : ONE;
  for (let index = from.top; index <= to.top; index += 1n) {
    inner.set(node.index, whole(index));
    const term = exactValue(node.body, inner);
    if (!term) return null;
    total = node.operation === 'sum' ? add(total, term) : multiply(total, term);
  }
  return total;
}
