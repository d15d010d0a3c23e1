import type { Node, RelationOperator } from '../read/node.js';
import { children, mapChildren } from '../read/walk.js';
import { ballOf, negateBall } from '../value/ball.js';
import { negate, ZERO } from '../value/rational.js';
import type { Constant } from './constants.js';
import { key } from './key.js';
import { lineOf, preimage, UNKNOWN_NODE } from './linear-form.js';
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

type Relation = Extract<Node, { kind: 'relation' }>;
type Absolute = Extract<Node, { kind: 'absolute' }>;

/**
 * The reals that satisfy a chain of relations in one unknown (a symbol or a call such as `f(x)`), where each is linear in it
 * or in one absolute value of a linear form of it, such as `|2x + 1|`; else `null`.
 */
export function solutionSet(node: Node): RealSet | null {
  if (node.kind === 'sequence' && (node.open === '' || node.open === '{')) return solutionOfList(node);
  if (node.kind === 'member' && node.label.kind === 'symbol' && node.label.name === '\\builder')
    return solutionSet(node.set);
  if (node.kind !== 'relation') return null;
  const unknown = findUnknown([node]);
  return unknown && (chain(node, unknown) ?? chainOfAbsolute(node, unknown));
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

/** The one thing that is not known: a symbol or a call of an unknown function. */
export function findUnknown(nodes: Node[]): Node | null {
  const found = new Map<string, Node>();
  const visit = (node: Node): void => {
    if (node.kind === 'symbol' || (node.kind === 'call' && !node.known)) found.set(key(node), node);
    else for (const child of children(node)) visit(child);
  };
  for (const node of nodes) visit(node);
  return found.size === 1 ? [...found.values()][0] : null;
}

const replace = (node: Node, target: string): Node =>
  key(node) === target ? UNKNOWN_NODE : mapChildren(node, (child) => replace(child, target));

function chain(node: Relation, unknown: Node): RealSet | null {
  const sides = node.sides.map((side) => replace(side, key(unknown)));
  let set = EVERYTHING;
  for (const [index, operator] of node.operators.entries()) {
    const step = linear(sides[index], operator, sides[index + 1]);
    if (!step) return null;
    set = intersection(set, step);
  }
  return set;
}

/** Solves for the one absolute value in the chain, then for what is in it. */
function chainOfAbsolute(node: Relation, unknown: Node): RealSet | null {
  const found = new Map<string, Absolute>();
  const visit = (part: Node): void => {
    if (part.kind === 'absolute') found.set(key(part), part);
    else for (const child of children(part)) visit(child);
  };
  visit(node);
  const [absolute, ...others] = found.values();
  if (!absolute || others.length > 0) return null;
  const line = lineOf(replace(absolute.arg, key(unknown)));
  const outside = replace(node, key(absolute)) as Relation;
  if (!line || findUnknown([outside]) !== UNKNOWN_NODE) return null;
  const set = chain(outside, UNKNOWN_NODE);
  return set && preimage(unfold(set), line);
}

function linear(left: Node, operator: RelationOperator, right: Node): RealSet | null {
  const infinite = againstInfinity(left, operator, right);
  if (infinite) return infinite;
  const line = lineOf({ kind: 'add', args: [left, { kind: 'negate', arg: right }] });
  return line && preimage(against(ORIGIN, operator), line);
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

const ORIGIN: Constant = { exact: ZERO, ball: ballOf(ZERO), rounded: false };

/** The reals that stand so to a value. */
function against(value: Constant, operator: RelationOperator): RealSet {
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

/** {x : |x| in set}. */
function unfold(set: RealSet): RealSet {
  const positive = intersection(set, ray(ORIGIN, 'above', true));
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
