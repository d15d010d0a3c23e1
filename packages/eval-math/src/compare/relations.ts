import type { Node, RelationOperator } from '../read/node.js';
import { freeSymbols, mapChildren, rename } from '../read/walk.js';
import { signOf } from '../value/ball.js';
import { constantOf } from './constants.js';
import { compareExpressions } from './expressions.js';
import { key } from './key.js';
import { isEquation, isLabel } from './labels.js';
import { type Comparison, different, type Outcome, same } from './outcome.js';
import { equalSets } from './real-set.js';
import { findUnknown, solutionSet } from './solve.js';

type Relation = Extract<Node, { kind: 'relation' }>;
type Compare = (gold: Node, prediction: Node, comparison: Comparison) => Outcome;

/** Compares two equations or inequalities; `compare` is the comparison of whole answers, for the right sides. */
export function compareRelations(
  gold: Relation,
  prediction: Relation,
  comparison: Comparison,
  compare: Compare,
): Outcome {
  if (isEquation(gold) && isEquation(prediction))
    return compareEquations(gold, prediction, comparison, compare);
  if (isEquation(gold) || isEquation(prediction))
    return different('kinds-differ', 'an equation is no inequality');
  return compareInequalities(gold, prediction, comparison);
}

function compareEquations(
  gold: Relation,
  prediction: Relation,
  comparison: Comparison,
  compare: Compare,
): Outcome {
  const [left, right] = [shorten(gold), shorten(prediction)];
  if (
    isLabel(left.sides[0]) &&
    isLabel(right.sides[0]) &&
    sameLabel(left.sides[0], right.sides[0], comparison)
  ) {
    const outcome = compare(left.sides.at(-1)!, inArgumentsOf(left, right), comparison);
    if (outcome.equal) return same('equation', `both sides agree: ${outcome.reason}`);
  }
  if (left.sides.length !== 2 || right.sides.length !== 2)
    return different('equation', 'chains of equations that differ');
  const forward = scaled(gap(left), gap(right), comparison);
  return forward !== 0
    ? same('equation', 'one equation is a multiple of the other')
    : different('equation', 'the equations differ');
}

/** A chain that starts with a name states its last side. */
function shorten(node: Relation): Relation {
  if (node.sides.length <= 2 || !isLabel(node.sides[0])) return node;
  return { kind: 'relation', operators: ['='], sides: [node.sides[0], node.sides.at(-1)!] };
}

/** Names are the same by form; the arguments of a function on the left are its own (`W(n) = 1` is `W(x) = 1`). */
function sameLabel(gold: Node, prediction: Node, comparison: Comparison): boolean {
  if (key(gold) === key(prediction)) return true;
  if (
    gold.kind !== 'call' ||
    prediction.kind !== 'call' ||
    gold.known ||
    prediction.known ||
    gold.name !== prediction.name
  ) {
    return !comparison.strict && gold.kind === 'symbol' && prediction.kind === 'symbol';
  }
  return (
    gold.args.length === prediction.args.length &&
    [...gold.args, ...prediction.args].every((arg) => arg.kind === 'symbol')
  );
}

/**
 * The right side of `f(y) = 2y` in the arguments of `f(x) = …`: 2x. An x that was free there (`f(y) = 2x`) is another x than
 * the argument, and gets a name of its own.
 */
function inArgumentsOf(gold: Relation, prediction: Relation): Node {
  const [from, to] = [prediction.sides[0], gold.sides[0]].map((side) =>
    side.kind === 'call' ? side.args.flatMap((arg) => (arg.kind === 'symbol' ? [arg.name] : [])) : [],
  );
  const freed = to.map((name) => [name, `${name}\\free`] as const);
  const renamed = from.map((name, index) => [name, to[index] ?? name] as const);
  return rename(prediction.sides.at(-1)!, new Map([...freed, ...renamed]));
}

const gap = (node: Relation): Node => ({
  kind: 'add',
  args: [node.sides[0], { kind: 'negate', arg: node.sides[1] }],
});

const TRIALS = [
  [7n, 3n],
  [-11n, 5n],
  [29n, 13n],
] as const;

/** 1 or −1 where one gap is a positive or negative multiple of the other everywhere, else 0. */
function scaled(goldGap: Node, predictionGap: Node, comparison: Comparison): -1 | 0 | 1 {
  const [gold, prediction] = [goldGap, predictionGap].map(callsAsSymbols);
  const names = [...new Set([...freeSymbols(gold), ...freeSymbols(prediction)])];
  if (names.length === 0) return 0;
  for (const [top, bottom] of TRIALS) {
    const at = (node: Node): Node =>
      substitute(
        node,
        new Map(names.map((name, index) => [name, { top: top + BigInt(index * index), bottom }])),
      );
    const [a, b] = [at(gold), at(prediction)];
    const [left, right] = [constantOf(a), constantOf(b)];
    if (!left || !right) continue;
    const sign = signOf(left.ball) * signOf(right.ball);
    if (sign === 0) continue;
    const crossed = compareExpressions(
      { kind: 'multiply', args: [gold, b] },
      { kind: 'multiply', args: [prediction, a] },
      { ...comparison, strict: true },
    );
    return crossed.equal ? (sign as -1 | 1) : 0;
  }
  return 0;
}

/** A call of an unknown function is one unknown more. */
const callsAsSymbols = (node: Node): Node =>
  node.kind === 'call' && !node.known
    ? { kind: 'symbol', name: key(node) }
    : mapChildren(node, callsAsSymbols);

function substitute(node: Node, values: ReadonlyMap<string, { top: bigint; bottom: bigint }>): Node {
  if (node.kind === 'symbol' && values.has(node.name))
    return { kind: 'number', value: values.get(node.name)!, decimal: false };
  return mapChildren(node, (child) => substitute(child, values));
}

function compareInequalities(gold: Relation, prediction: Relation, comparison: Comparison): Outcome {
  const [left, right] = [rising(gold), rising(prediction)];
  if (key(left) === key(right)) return same('same-expression', 'the same inequality');
  const [unknown, other] = [findUnknown([gold]), findUnknown([prediction])];
  if (unknown && other && (key(unknown) === key(other) || !comparison.strict)) {
    const [set, otherSet] = [solutionSet(gold), solutionSet(prediction)];
    if (set && otherSet)
      return equalSets(set, otherSet, comparison)
        ? same('inequality', 'the same solutions')
        : different('inequality', 'the solutions differ');
  }
  if (left.operators.length !== right.operators.length)
    return different('inequality', 'chains of different length');
  const agrees = left.operators.every(
    (operator, index) =>
      operator === right.operators[index] && stepAgrees(left, right, index, operator, comparison),
  );
  return agrees
    ? same('inequality', 'the same inequality up to a positive factor')
    : different('inequality', 'the inequalities differ');
}

function stepAgrees(
  left: Relation,
  right: Relation,
  index: number,
  operator: RelationOperator,
  comparison: Comparison,
): boolean {
  const step = (node: Relation): Node =>
    gap({ kind: 'relation', operators: [operator], sides: node.sides.slice(index, index + 2) });
  const sign = scaled(step(left), step(right), comparison);
  return sign === 1 || (sign === -1 && operator === '!=');
}

const FLIPPED: Readonly<Record<RelationOperator, RelationOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** The chain written from small to large. */
function rising(node: Relation): Relation {
  if (!node.operators.some((operator) => operator === '>' || operator === '>=')) return node;
  return {
    kind: 'relation',
    operators: node.operators.map((operator) => FLIPPED[operator]).reverse(),
    sides: [...node.sides].reverse(),
  };
}
