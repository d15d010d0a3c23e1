import type { Node } from '../read/node.js';
import { countNodes, freeSymbols, rename, some } from '../read/walk.js';
import { approximate } from '../value/approximate.js';
import { isNonReal, NoValueError } from '../value/ball.js';
import { checkTime } from '../value/deadline.js';
import { exactValue } from '../value/exact.js';
import { absolute, equal, type Rational, rational, TooLargeError, whole } from '../value/rational.js';
import { compareBalls, compareConstants, constantOf } from './constants.js';
import { key } from './key.js';
import { type Comparison, different, type Outcome, same } from './outcome.js';

/** Larger trees than this many nodes are compared by form alone. */
const MAX_NODES = 1_500;
/** Points that must agree before two expressions count as equal. */
const NEEDED_POINTS = 3;
const TRIED_POINTS = 10;
/** So many of them are positive in every symbol, for roots and logarithms. */
const POSITIVE_POINTS = 4;

/** Compares two expressions, with or without symbols. */
export function compareExpressions(gold: Node, prediction: Node, comparison: Comparison): Outcome {
  if (key(gold) === key(prediction)) return same('same-expression', 'the same expression');
  if (countNodes(gold) + countNodes(prediction) > MAX_NODES)
    return different('undecided', 'too large to compare');
  const names = freeSymbols(gold);
  const others = freeSymbols(prediction);
  if (names.length === 0 && others.length === 0 && !hasUnknowns(gold) && !hasUnknowns(prediction))
    return compareValues(gold, prediction, comparison);
  const direct = compareAtPoints(gold, prediction, [...new Set([...names, ...others])]);
  if (!direct.equal && (hasOpaque(gold) || hasOpaque(prediction)))
    return different('undecided', 'an integral, limit or infinite sum that is not written the same way');
  if (direct.equal || comparison.strict || names.length !== others.length) return direct;
  const renamed = rename(prediction, new Map(others.map((name, index) => [name, names[index]])));
  return compareAtPoints(gold, renamed, names);
}

const hasOpaque = (node: Node): boolean => some(node, (part) => part.kind === 'opaque');

const hasUnknowns = (node: Node): boolean =>
  hasOpaque(node) || some(node, (part) => part.kind === 'call' && !part.known);

function compareValues(gold: Node, prediction: Node, comparison: Comparison): Outcome {
  const [left, right] = [constantOf(gold), constantOf(prediction)];
  if (!left || !right) return different('undecided', 'a value could not be computed');
  return compareConstants(left, right, comparison);
}

/** Fixed points without pattern, of many sizes and both signs, so that verdicts repeat. */
const COORDINATES: readonly Rational[] = [
  [1373, 1009],
  [2617, 991],
  [419, 997],
  [7351, 1013],
  [-1627, 983],
  [-571, 1019],
  [23_741, 977],
  [-9_689, 1021],
  [311, 1031],
  [3_389, 1033],
  [-223, 967],
  [5_153, 1039],
  [617, 953],
].map(([top, bottom]) => rational(BigInt(top), BigInt(bottom))!);
const WHOLE_COORDINATES: readonly Rational[] = [5, 8, 3, 11, 6, 13, 4, 9, 7, 12, 10].map((value) =>
  whole(value),
);

/** What only whole numbers can be put into: n!, binomials, floors, (−1)^n, sums up to n. */
function needsWholeNumbers(node: Node): boolean {
  return some(node, (part) => {
    if (part.kind === 'fold') return freeSymbols(part.from).length + freeSymbols(part.to).length > 0;
    if (part.kind === 'power') return freeSymbols(part.exponent).length > 0 && part.base.kind === 'negate';
    if (part.kind !== 'call' || freeSymbols(part).length === 0) return false;
    if (part.name === 'binom') return freeSymbols(part.args[1]).length > 0;
    return ['factorial', 'doubleFactorial', 'mod', 'gcd', 'lcm'].includes(part.name);
  });
}

function pointsFor(names: string[], whole: boolean): Array<Map<string, Rational>> {
  const values = whole ? WHOLE_COORDINATES : COORDINATES;
  const at = (trial: number, index: number): Rational => {
    const value = values[(trial + index * 5) % values.length];
    return trial < POSITIVE_POINTS ? absolute(value) : value;
  };
  return Array.from(
    { length: TRIED_POINTS },
    (_, trial) => new Map(names.map((name, index) => [name, at(trial, index)])),
  );
}

/** Compares at several points: different at one decides, equal needs {@link NEEDED_POINTS} and no objection. */
function compareAtPoints(gold: Node, prediction: Node, names: string[]): Outcome {
  const whole = needsWholeNumbers(gold) || needsWholeNumbers(prediction);
  let agreed = 0;
  for (const point of pointsFor(names, whole)) {
    checkTime();
    const verdict = compareAt(gold, prediction, point);
    if (verdict === 'different') return different('random-points', `the values differ${describe(point)}`);
    if (verdict === 'equal') agreed += 1;
  }
  return agreed >= NEEDED_POINTS
    ? same('random-points', `equal at ${agreed} points`)
    : different('undecided', 'no value at the points tried');
}

const describe = (point: ReadonlyMap<string, Rational>): string =>
  point.size === 0
    ? ''
    : ` at ${[...point].map(([name, value]) => `${name} = ${value.top}/${value.bottom}`).join(', ')}`;

function compareAt(
  gold: Node,
  prediction: Node,
  point: ReadonlyMap<string, Rational>,
): 'equal' | 'different' | 'no value' {
  try {
    const left = exactValue(gold, point);
    const right = left && exactValue(prediction, point);
    if (left && right) return equal(left, right) ? 'equal' : 'different';
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
  }
  try {
    const left = approximate(gold, point);
    const right = approximate(prediction, point);
    if (isNonReal(left) !== isNonReal(right)) return 'no value';
    const outcome = compareBalls(left, right);
    return outcome.equal ? 'equal' : outcome.rule === 'undecided' ? 'no value' : 'different';
  } catch (error) {
    if (error instanceof NoValueError || error instanceof TooLargeError) return 'no value';
    throw error;
  }
}
