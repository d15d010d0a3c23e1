import type { Node } from '../read/node.js';
import { children, some } from '../read/walk.js';
import { approximate } from '../value/approximate.js';
import {
  addBalls,
  ballOf,
  invertBall,
  isReal,
  multiplyBalls,
  NoValueError,
  negateBall,
  signOf,
} from '../value/ball.js';
import { exactValue } from '../value/exact.js';
import { divide, ONE, type Rational, subtract, TooLargeError, ZERO } from '../value/rational.js';
import { type Constant, isRounded } from './constants.js';
import type { RealSet } from './real-set.js';

const UNKNOWN = '\\unknown';

/** What stands for the unknown in the trees that {@link lineOf} takes. */
export const UNKNOWN_NODE: Node = { kind: 'symbol', name: UNKNOWN };

/** slope · unknown + intercept, with a slope other than 0. */
interface Line {
  readonly slope: Constant;
  readonly intercept: Constant;
  readonly rising: boolean;
}

/** The line that a tree is in the unknown, or `null` where it is none: the form decides, not the values at some points. */
export function lineOf(node: Node): Line | null {
  if (degreeOf(node) !== 1) return null;
  try {
    return exactLine(node) ?? lineByBalls(node);
  } catch (error) {
    if (error instanceof NoValueError || error instanceof TooLargeError) return null;
    throw error;
  }
}

/** 0 where the unknown does not occur, 1 where only sums and constant factors or divisors are around it, else 2. */
function degreeOf(node: Node): number {
  switch (node.kind) {
    case 'symbol':
      return node.name === UNKNOWN ? 1 : 0;
    case 'add':
      return Math.max(...node.args.map(degreeOf));
    case 'multiply':
      return Math.min(2, sum(node.args.map(degreeOf)));
    case 'divide':
      return Math.min(2, degreeOf(node.top) + 2 * degreeOf(node.bottom));
    case 'negate':
    case 'percent':
    case 'degrees':
    case 'quantity':
      return degreeOf(node.arg);
    default:
      return sum(children(node).map(degreeOf)) > 0 ? 2 : 0;
  }
}

const sum = (degrees: number[]): number => degrees.reduce((total, degree) => total + degree, 0);

const at = (value: Rational): ReadonlyMap<string, Rational> => new Map([[UNKNOWN, value]]);

function exactLine(node: Node): Line | null {
  const [start, next] = [ZERO, ONE].map((value) => exactValue(node, at(value)));
  if (!start || !next) return null;
  const slope = subtract(next, start);
  if (slope.top === 0n) return null;
  const constant = (exact: Rational): Constant => ({ exact, ball: ballOf(exact), rounded: false });
  return {
    slope: constant(slope),
    intercept: { ...constant(start), rounded: some(node, isRounded) },
    rising: slope.top > 0n,
  };
}

function lineByBalls(node: Node): Line | null {
  const [start, next] = [ZERO, ONE].map((value) => approximate(node, at(value)));
  const slope = addBalls(next, negateBall(start));
  const sign = signOf(slope);
  if (sign === 0 || !isReal(start)) return null;
  return {
    slope: { exact: null, ball: slope, rounded: false },
    intercept: { exact: null, ball: start, rounded: some(node, isRounded) },
    rising: sign > 0,
  };
}

/** The unknowns for which the line's value is in the set. */
export function preimage(set: RealSet, line: Line): RealSet {
  const cuts = set.cuts.map((cut) => solve(line, cut));
  return line.rising
    ? { cuts, member: set.member }
    : { cuts: cuts.reverse(), member: [...set.member].reverse() };
}

function solve({ slope, intercept }: Line, value: Constant): Constant {
  const rounded = value.rounded || intercept.rounded;
  if (value.exact && intercept.exact && slope.exact) {
    const exact = divide(subtract(value.exact, intercept.exact), slope.exact);
    if (exact) return { exact, ball: ballOf(exact), rounded };
  }
  const rise = addBalls(value.ball, negateBall(intercept.ball));
  return { exact: null, ball: multiplyBalls(rise, invertBall(slope.ball)), rounded };
}
