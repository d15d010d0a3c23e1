import type { Node, RelationOperator } from '../read/node.js';
import { children, mapChildren, some } from '../read/walk.js';
import { approximate } from '../value/approximate.js';
import {
  addBalls,
  type Ball,
  ballOf,
  invertBall,
  isReal,
  multiplyBalls,
  NoValueError,
  negateBall,
  signOf,
  size,
} from '../value/ball.js';
import { exactValue } from '../value/exact.js';
import { divide, multiply, negate, rational, subtract, TooLargeError, whole } from '../value/rational.js';
import { type Constant, isRounded } from './constants.js';
import { key } from './key.js';
import {
  difference,
  EVERYTHING,
  infinitySign,
  intersection,
  NOTHING,
  type RealSet,
  ray,
  single,
  union,
} from './real-set.js';

const UNKNOWN = '\\unknown';
const unknownNode: Node = { kind: 'symbol', name: UNKNOWN };

/**
 * The reals that satisfy a chain of relations in one unknown, where each is linear in it (or in its absolute value, or
 * in one call such as `f(x)`); else `null`.
 */
export function solutionSet(node: Node): RealSet | null {
  if (node.kind === 'sequence' && (node.open === '' || node.open === '{')) return solutionOfList(node);
  if (node.kind === 'member' && node.label.kind === 'symbol' && node.label.name === '\\builder')
    return solutionSet(node.set);
  if (node.kind !== 'relation') return null;
  const unknown = findUnknown([node]);
  if (!unknown) return null;
  const replaced = replace(node, key(unknown));
  const set = chain(replaced as Extract<Node, { kind: 'relation' }>);
  return set && unknown.kind === 'absolute' ? unfold(set) : set;
}

/** Conditions joined by "or" hold where one does, others where all do; commas between conditions that exclude each other say neither. */
function solutionOfList({ items, joint }: Extract<Node, { kind: 'sequence' }>): RealSet | null {
  const unknown = findUnknown(items);
  if (!unknown || items.length === 0 || joint === 'both') return null;
  const sets = items.map((item) => (item.kind === 'relation' ? solutionSet(item) : null));
  if (!sets.every((set) => set !== null)) return null;
  if (joint === 'or') return sets.reduce(union, NOTHING);
  const all = sets.reduce(intersection, EVERYTHING);
  return joint === undefined && all.member.every((inside) => !inside) ? null : all;
}

/** The one thing that is not known: a symbol, a call of an unknown function, or an absolute value of either. */
export function findUnknown(nodes: Node[]): Node | null {
  const found = new Map<string, Node>();
  const visit = (node: Node): void => {
    if (node.kind === 'absolute' && ['symbol', 'call'].includes(node.arg.kind)) found.set(key(node), node);
    else if (node.kind === 'symbol' || (node.kind === 'call' && !node.known)) found.set(key(node), node);
    else for (const child of children(node)) visit(child);
  };
  for (const node of nodes) visit(node);
  return found.size === 1 ? [...found.values()][0] : null;
}

const replace = (node: Node, target: string): Node =>
  key(node) === target ? unknownNode : mapChildren(node, (child) => replace(child, target));

function chain(node: Extract<Node, { kind: 'relation' }>): RealSet | null {
  let set = EVERYTHING;
  for (const [index, operator] of node.operators.entries()) {
    const step = linear(node.sides[index], operator, node.sides[index + 1]);
    if (!step) return null;
    set = intersection(set, step);
  }
  return set;
}

const FLIPPED: Readonly<Record<RelationOperator, RelationOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function linear(left: Node, operator: RelationOperator, right: Node): RealSet | null {
  const infinite = againstInfinity(left, operator, right);
  if (infinite) return infinite;
  const gap: Node = { kind: 'add', args: [left, { kind: 'negate', arg: right }] };
  const line = lineThrough(gap);
  if (!line) return null;
  const rounded = some(gap, isRounded);
  return half({ ...line.zero, rounded }, line.rising ? operator : FLIPPED[operator]);
}

function againstInfinity(left: Node, operator: RelationOperator, right: Node): RealSet | null {
  const sign = infinitySign(right) || -infinitySign(left);
  if (sign === 0) return null;
  return operator === '<' || operator === '<='
    ? sign > 0
      ? EVERYTHING
      : NOTHING
    : operator === '>' || operator === '>='
      ? sign < 0
        ? EVERYTHING
        : NOTHING
      : null;
}

function half(value: Constant, operator: RelationOperator): RealSet {
  switch (operator) {
    case '=':
      return single(value);
    case '!=':
      return difference(EVERYTHING, single(value));
    case '<':
    case '<=':
      return ray(value, 'below', operator === '<=');
    default:
      return ray(value, 'above', operator === '>=');
  }
}

/** Where an expression that is linear in the unknown is zero, and whether it rises; else `null`. */
function lineThrough(gap: Node): { zero: Constant; rising: boolean } | null {
  const at = (value: number): ReadonlyMap<string, { top: bigint; bottom: bigint }> =>
    new Map([[UNKNOWN, rational(BigInt(value), 7n)!]]);
  try {
    const [a, b, c] = [0, 7, 35].map((value) => exactValue(gap, at(value)));
    if (a && b && c) {
      const slope = subtract(b, a);
      if (slope.top === 0n || !isZeroRational(subtract(subtract(c, a), multiply(slope, whole(5)))))
        return null;
      const zero = negate(divide(a, slope)!);
      return { zero: { exact: zero, ball: ballOf(zero), rounded: false }, rising: slope.top > 0n };
    }
    return lineByBalls([0, 7, 35].map((value) => approximate(gap, at(value))));
  } catch (error) {
    if (error instanceof NoValueError || error instanceof TooLargeError) return null;
    throw error;
  }
}

const isZeroRational = (value: { top: bigint }): boolean => value.top === 0n;

function lineByBalls([a, b, c]: Ball[]): { zero: Constant; rising: boolean } | null {
  const slope = addBalls(b, negateBall(a));
  const bend = addBalls(addBalls(c, negateBall(a)), negateBall(multiplyBalls(slope, ballOf(whole(5)))));
  const sign = signOf(slope);
  if (sign === 0 || !isReal(a) || size(bend).greaterThan(bend.error)) return null;
  const zero = negateBall(multiplyBalls(a, invertBall(slope)));
  return { zero: { exact: null, ball: zero, rounded: false }, rising: sign > 0 };
}

/** {x : |x| in set}. */
function unfold(set: RealSet): RealSet {
  const positive = intersection(set, { cuts: [zeroCut], member: [false, true, true] });
  const mirrored: RealSet = {
    cuts: positive.cuts
      .map((cut) => ({
        exact: cut.exact && negate(cut.exact),
        ball: negateBall(cut.ball),
        rounded: cut.rounded,
      }))
      .reverse(),
    member: [...positive.member].reverse(),
  };
  return union(positive, mirrored);
}

const zeroCut: Constant = { exact: whole(0), ball: ballOf(whole(0)), rounded: false };
