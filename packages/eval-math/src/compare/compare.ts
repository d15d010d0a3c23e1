import type { Node } from '../read/node.js';
import { RESIDUE } from '../read/read-modulus.js';
import { some } from '../read/walk.js';
import { checkTime } from '../value/deadline.js';
import { compareCollections, compareOrdered, isUnordered, type Sequence } from './collections.js';
import { compareExpressions } from './expressions.js';
import { key } from './key.js';
import { assignedValue, isEquation, statedValue } from './labels.js';
import { hasMatrix, matrixOf } from './matrices.js';
import { type Comparison, different, type Outcome, same } from './outcome.js';
import { countSigns, expandPlusMinus, hasPlusMinus, MAX_SIGNS } from './plus-minus.js';
import { hasUnitVectors, inUnitVectors, withoutPointNames } from './points.js';
import { compareQuantities, hasUnit } from './quantities.js';
import { equalSets, isInterval, realSetOf } from './real-set.js';
import { compareRelations } from './relations.js';
import { equalSetAlgebra } from './set-algebra.js';
import { solutionSet } from './solve.js';
import { isWord, lettersOnly, sameCase, spelledWord } from './text.js';
import { compareClocks, compareDates, mayBeRatios } from './times.js';

/**
 * Decides whether a prediction states the same as the gold. Not symmetric: the gold's form decides whether an equation is
 * the answer or only leads to it, and an inequality does not answer for an interval unless `allowSetRelation` is set.
 */
export function compareNodes(goldNode: Node, predictionNode: Node, comparison: Comparison): Outcome {
  if (key(goldNode) === key(predictionNode)) return same('same-expression', 'the same expression');
  checkTime();
  const unwrapped = unwrapEquations(goldNode, predictionNode);
  if ('rule' in unwrapped) return unwrapped;
  const [gold, prediction] = withoutPointNames(
    unwrapMember(unwrapped.gold),
    withoutModulus(unwrapMember(unwrapped.prediction), unwrapped.gold),
  );
  if (hasPlusMinus(gold) || hasPlusMinus(prediction)) return comparePlusMinus(gold, prediction, comparison);
  if (key(gold) === key(prediction)) return same('same-expression', 'the same expression');
  if (isWord(gold) || isWord(prediction)) return compareWords(gold, prediction);
  if (gold.kind === 'relation' && prediction.kind === 'relation')
    return compareRelations(gold, prediction, comparison, compareNodes);
  if (isCollective(gold) || isCollective(prediction)) return compareSets(gold, prediction, comparison);
  return compareSingle(gold, prediction, comparison);
}

function compareSingle(gold: Node, prediction: Node, comparison: Comparison): Outcome {
  if (hasMatrix(gold) || hasMatrix(prediction)) return compareMatrices(gold, prediction, comparison);
  if (gold.kind === 'date' && prediction.kind === 'date') return compareDates(gold, prediction);
  if (gold.kind === 'clock' && prediction.kind === 'clock') {
    const ratios = mayBeRatios(gold, prediction)
      ? compareSingle(gold.ratio, prediction.ratio, comparison)
      : null;
    return ratios?.equal ? ratios : compareClocks(gold, prediction);
  }
  if (gold.kind === 'clock') return compareSingle(gold.ratio, prediction, comparison);
  if (prediction.kind === 'clock') return compareSingle(gold, prediction.ratio, comparison);
  if (gold.kind === 'date' || prediction.kind === 'date')
    return different('kinds-differ', 'a date against something else');
  if (gold.kind === 'relation' || prediction.kind === 'relation')
    return different('kinds-differ', 'a relation against a value');
  if (
    gold.kind === 'ratio' &&
    prediction.kind === 'ratio' &&
    (gold.parts.length > 2 || prediction.parts.length > 2)
  )
    return compareRatios(gold.parts, prediction.parts, comparison);
  if (hasUnit(gold, prediction)) return compareQuantities(gold, prediction, comparison);
  const outcome = compareExpressions(gold, prediction, comparison);
  return outcome.equal ? outcome : sameLetters(gold, prediction) ? same('text', 'the same letters') : outcome;
}

/** `\text{e}` is `e`, `\text{ab}` is `ab`: letters alone, in order. */
function sameLetters(gold: Node, prediction: Node): boolean {
  const [left, right] = [spelledWord(gold), spelledWord(prediction)];
  if (left === null || right === null) return false;
  const marked = gold.kind === 'text' || prediction.kind === 'text';
  return marked && left.length > 1 ? left.toLowerCase() === right.toLowerCase() : left === right;
}

function compareWords(gold: Node, prediction: Node): Outcome {
  const [left, right] = [spelledWord(gold), spelledWord(prediction)];
  const marked = gold.kind === 'text' || prediction.kind === 'text';
  if (left !== null && right !== null)
    return lettersOnly(left) !== '' &&
      (marked || sameCase(left, right)) &&
      lettersOnly(left) === lettersOnly(right)
      ? same('text', 'the same words')
      : different('text', 'other words');
  return different('kinds-differ', 'words against mathematics');
}

function unwrapEquations(gold: Node, prediction: Node): { gold: Node; prediction: Node } | Outcome {
  if (isEquation(prediction) && gold.kind !== 'relation' && gold.kind !== 'member') {
    const value = statedValue(prediction);
    return value
      ? { gold, prediction: value }
      : different('kinds-differ', 'an equation that is yet to be solved');
  }
  if (isEquation(gold) && prediction.kind !== 'relation') {
    const value = assignedValue(gold);
    return value
      ? { gold: value, prediction }
      : different('kinds-differ', 'the gold is an equation, the prediction is none');
  }
  return { gold, prediction };
}

/** `x ∈ S` says S. */
const unwrapMember = (node: Node): Node =>
  node.kind === 'member' && !node.negated && !isBuilder(node) ? node.set : node;

const isBuilder = (node: Node): boolean =>
  node.kind === 'member' && node.label.kind === 'symbol' && node.label.name === '\\builder';

/** `3 (mod 7)` predicted for a gold without a modulus says 3. */
const withoutModulus = (prediction: Node, gold: Node): Node =>
  isResidue(prediction) && !some(gold, isResidue) ? prediction.args[0] : prediction;

const isResidue = (node: Node): node is Extract<Node, { kind: 'call' }> =>
  node.kind === 'call' && node.name === RESIDUE;

function comparePlusMinus(gold: Node, prediction: Node, comparison: Comparison): Outcome {
  if (countSigns(gold) > MAX_SIGNS || countSigns(prediction) > MAX_SIGNS)
    return different('undecided', 'too many signs ±');
  return compareCollections(asList(gold), asList(prediction), comparison, compareNodes);
}

function asList(node: Node): Sequence {
  if (isUnordered(node)) return node;
  const items = hasPlusMinus(node) ? expandPlusMinus(node) : [node];
  return { kind: 'sequence', open: '', close: '', items };
}

const isCollective = (node: Node): boolean =>
  ['sequence', 'setOperation', 'namedSet', 'member'].includes(node.kind);

function compareSets(gold: Node, prediction: Node, comparison: Comparison): Outcome {
  const converted = convertRelations(gold, prediction, comparison);
  if (converted) return converted;
  const [left, right] = [gold, prediction].map(columnAsTuple);
  if (left.kind === 'sequence' && right.kind === 'sequence') {
    const outcome = compareCollections(left, right, comparison, compareNodes);
    return outcome.equal || !touchesInfinity(left, right)
      ? outcome
      : compareRealSets(left, right, comparison);
  }
  const [only, other] = [singleItem(left), singleItem(right)];
  if (only && !isCollective(right)) return compareNodes(only, right, comparison);
  if (other && !isCollective(left)) return compareNodes(left, other, comparison);
  if (left.kind === 'setOperation' && right.kind === 'setOperation' && equalSetAlgebra(left, right))
    return same('set', 'the same set whatever its parts are');
  const [vector, otherVector] = [inUnitVectors(left), inUnitVectors(right)];
  if (vector && hasUnitVectors(right)) return compareExpressions(vector, right, comparison);
  if (otherVector && hasUnitVectors(left)) return compareExpressions(left, otherVector, comparison);
  return compareRealSets(asSet(left), asSet(right), comparison);
}

/** A single value where a set is asked for: [0, 1] ∩ [1, 2] is 1. */
const asSet = (node: Node): Node =>
  isCollective(node) ? node : { kind: 'sequence', open: '{', close: '}', items: [node] };

/** A set or list of one element is as good as the element. */
const singleItem = (node: Node): Node | null =>
  node.kind === 'sequence' && node.items.length === 1 && isUnordered(node) ? node.items[0] : null;

function touchesInfinity(left: Sequence, right: Sequence): boolean {
  return [left, right].every(
    (node) => isInterval(node) && some(node, (part) => part.kind === 'constant' && part.name === 'infinity'),
  );
}

function compareRealSets(gold: Node, prediction: Node, comparison: Comparison): Outcome {
  const [left, right] = [realSetOf(gold), realSetOf(prediction)];
  if (!left || !right) return different('kinds-differ', 'a set against something else');
  return equalSets(left, right, comparison)
    ? same('interval', 'the same set of numbers')
    : different('interval', 'other sets of numbers');
}

const isRelational = (node: Node): boolean =>
  (node.kind === 'relation' && !isEquation(node)) ||
  (isUnordered(node) &&
    node.items.length > 0 &&
    node.items.every((item) => item.kind === 'relation') &&
    !node.items.every(isEquation)) ||
  isBuilder(node);

/** An inequality against an interval: allowed where the gold is the inequality, or with `allowSetRelation`. */
function convertRelations(gold: Node, prediction: Node, comparison: Comparison): Outcome | null {
  const [fromGold, fromPrediction] = [isRelational(gold), isRelational(prediction)];
  if (!fromGold && !fromPrediction) return null;
  if (!fromGold && fromPrediction && !comparison.allowSetRelation && !isBuilder(prediction))
    return different('kinds-differ', 'the gold is a set, the prediction an inequality');
  const left = fromGold ? solutionSet(gold) : realSetOf(gold);
  const right = fromPrediction ? solutionSet(prediction) : realSetOf(prediction);
  if (!left || !right)
    return fromGold && fromPrediction
      ? null
      : different('undecided', 'an inequality that could not be solved');
  return equalSets(left, right, comparison)
    ? same('inequality', 'the inequality has these solutions')
    : different('inequality', 'the inequality has other solutions');
}

/** A column or row of a matrix is as good as a tuple. */
function columnAsTuple(node: Node): Node {
  if (node.kind !== 'matrix') return node;
  const single =
    node.rows.length === 1 ? node.rows[0] : node.rows[0].length === 1 ? node.rows.map((row) => row[0]) : null;
  return single ? { kind: 'sequence', open: '(', close: ')', items: single } : node;
}

function compareMatrices(gold: Node, prediction: Node, comparison: Comparison): Outcome {
  const [left, right] = [matrixOf(gold), matrixOf(prediction)];
  if (!left || !right) return different('kinds-differ', 'a matrix against something else');
  if (left.length !== right.length || left[0].length !== right[0].length)
    return different('matrix', 'the shapes differ');
  const outcome = compareOrdered(left.flat(), right.flat(), comparison, compareNodes);
  return outcome.equal ? same('matrix', 'all entries agree') : different('matrix', outcome.reason);
}

/** a : b : c is the same up to a common factor. */
function compareRatios(gold: Node[], prediction: Node[], comparison: Comparison): Outcome {
  if (gold.length !== prediction.length) return different('tuple', 'ratios of different length');
  const equal = gold.slice(1).every((part, index) => {
    const left: Node = { kind: 'multiply', args: [part, prediction[0]] };
    const right: Node = { kind: 'multiply', args: [prediction[index + 1], gold[0]] };
    return compareExpressions(left, right, comparison).equal;
  });
  return equal ? same('tuple', 'the same ratio') : different('tuple', 'another ratio');
}
