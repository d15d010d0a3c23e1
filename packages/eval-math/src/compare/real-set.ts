import type { Node } from '../read/node.js';
import { addBalls, type Ball, isReal, negateBall, size } from '../value/ball.js';
import { type Constant, compareConstants, constantOf } from './constants.js';
import type { Comparison } from './outcome.js';

/**
 * A set of reals: `cuts` in rising order part the line, and `member` says for the piece below the first cut, the first
 * cut itself, the piece after it, and so on, whether it belongs to the set.
 */
export interface RealSet {
  readonly cuts: Constant[];
  readonly member: boolean[];
}

export const EVERYTHING: RealSet = { cuts: [], member: [true] };
export const NOTHING: RealSet = { cuts: [], member: [false] };

/** {value}. */
export const single = (value: Constant): RealSet => ({ cuts: [value], member: [false, true, false] });

/** All reals on one side of `value`. */
export const ray = (value: Constant, side: 'below' | 'above', closed: boolean): RealSet => ({
  cuts: [value],
  member: side === 'below' ? [true, closed, false] : [false, closed, true],
});

const sameValue = (a: Ball, b: Ball): boolean => {
  const difference = addBalls(a, negateBall(b));
  return size(difference).lessThanOrEqualTo(difference.error);
};

/** Joins two sets point by point by a Boolean rule. */
function combine(a: RealSet, b: RealSet, rule: (inA: boolean, inB: boolean) => boolean): RealSet {
  const cuts: Constant[] = [];
  const member: boolean[] = [rule(a.member[0], b.member[0])];
  let [i, j] = [0, 0];
  while (i < a.cuts.length || j < b.cuts.length) {
    const [left, right] = [a.cuts[i], b.cuts[j]];
    const equal = left && right && sameValue(left.ball, right.ball);
    const takeLeft = left && (!right || equal || left.ball.re.lessThan(right.ball.re));
    const takeRight = right && (!left || equal || !takeLeft);
    cuts.push(takeLeft ? left : right);
    member.push(rule(a.member[2 * i + (takeLeft ? 1 : 0)], b.member[2 * j + (takeRight ? 1 : 0)]));
    if (takeLeft) i += 1;
    if (takeRight) j += 1;
    member.push(rule(a.member[2 * i], b.member[2 * j]));
  }
  return tidy({ cuts, member });
}

/** Drops cuts where nothing changes. */
function tidy(set: RealSet): RealSet {
  const cuts: Constant[] = [];
  const member = [set.member[0]];
  set.cuts.forEach((cut, index) => {
    const [at, after] = [set.member[2 * index + 1], set.member[2 * index + 2]];
    if (at === member.at(-1) && after === at) return;
    cuts.push(cut);
    member.push(at, after);
  });
  return { cuts, member };
}

export const union = (a: RealSet, b: RealSet): RealSet => combine(a, b, (x, y) => x || y);
export const intersection = (a: RealSet, b: RealSet): RealSet => combine(a, b, (x, y) => x && y);
export const difference = (a: RealSet, b: RealSet): RealSet => combine(a, b, (x, y) => x && !y);

/** Whether two sets are the same, with cuts compared as numbers are. */
export function equalSets(a: RealSet, b: RealSet, comparison: Comparison): boolean {
  return (
    a.cuts.length === b.cuts.length &&
    a.member.every((inside, index) => inside === b.member[index]) &&
    a.cuts.every((cut, index) => compareConstants(cut, b.cuts[index], comparison).equal)
  );
}

/** The set of reals that a tree denotes, or `null` where it is none (or its ends are no real numbers). */
export function realSetOf(node: Node): RealSet | null {
  if (node.kind === 'namedSet')
    return node.name === 'reals' ? EVERYTHING : node.name === 'empty' ? NOTHING : null;
  if (node.kind === 'setOperation') {
    const [left, right] = [realSetOf(node.left), realSetOf(node.right)];
    if (!left || !right) return null;
    return { union, intersection, difference }[node.operation](left, right);
  }
  if (node.kind !== 'sequence') return null;
  if (node.open === '{' || node.open === '') return pointsOf(node.items);
  return isInterval(node) ? intervalOf(node) : null;
}

/** Whether brackets and length allow an interval: `(a, b)`, `[a, b)`, … */
export const isInterval = (node: Node): boolean =>
  node.kind === 'sequence' &&
  node.items.length === 2 &&
  ['(', '['].includes(node.open) &&
  [')', ']'].includes(node.close);

function pointsOf(items: Node[]): RealSet | null {
  let set = NOTHING;
  for (const item of items) {
    const value = realConstant(item);
    if (!value) return null;
    set = union(set, single(value));
  }
  return set;
}

function realConstant(node: Node): Constant | null {
  const value = constantOf(node);
  return value && isReal(value.ball) ? value : null;
}

function intervalOf(node: Extract<Node, { kind: 'sequence' }>): RealSet | null {
  const [low, high] = node.items;
  const below = endOf(high, 'below', node.close === ']');
  const above = endOf(low, 'above', node.open === '[');
  return below && above && intersection(below, above);
}

function endOf(node: Node, side: 'below' | 'above', closed: boolean): RealSet | null {
  const sign = infinitySign(node);
  if (sign !== 0) return sign > 0 === (side === 'below') ? EVERYTHING : null;
  const value = realConstant(node);
  return value && ray(value, side, closed);
}

/** 1 for ∞, −1 for −∞, 0 for anything else. */
export function infinitySign(node: Node): -1 | 0 | 1 {
  if (node.kind === 'constant' && node.name === 'infinity') return 1;
  return node.kind === 'negate' && infinitySign(node.arg) === 1 ? -1 : 0;
}
