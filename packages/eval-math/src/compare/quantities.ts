import type { Node } from '../read/node.js';
import { rational } from '../value/rational.js';
import { compareExpressions } from './expressions.js';
import { type Comparison, different, type Outcome, same } from './outcome.js';
import { some } from './walk.js';

const times = (arg: Node, top: bigint, bottom: bigint): Node =>
  top === bottom ? arg : scale(arg, top, bottom);

const scale = (arg: Node, top: bigint, bottom: bigint): Node => ({
  kind: 'multiply',
  args: [arg, { kind: 'number', value: rational(top, bottom)!, decimal: false }],
});

const isMeasured = (node: Node): boolean =>
  node.kind === 'quantity' || node.kind === 'percent' || node.kind === 'degrees';

/** Whether either side carries a unit, a percent or a degree sign. */
export const hasUnit = (gold: Node, prediction: Node): boolean =>
  [gold, prediction].some((node) => isMeasured(strip(node)));

/** −5 cm is measured as 5 cm is. */
function strip(node: Node): Node {
  if (node.kind === 'negate' && isMeasured(node.arg)) {
    const inner = node.arg as Extract<Node, { kind: 'percent' }>;
    return { ...inner, arg: { kind: 'negate', arg: inner.arg } };
  }
  return node;
}

/** Compares two values of which one or both have a unit; a missing unit is accepted, another one is converted or refused. */
export function compareQuantities(goldNode: Node, predictionNode: Node, comparison: Comparison): Outcome {
  const [gold, prediction] = [asMeasure(strip(goldNode)), asMeasure(strip(predictionNode))];
  if (gold.dimension === 'percent' || prediction.dimension === 'percent')
    return comparePercent(gold, prediction, comparison);
  if (gold.dimension === '' || prediction.dimension === '')
    return compareWithout(gold, prediction, comparison);
  const [from, to] = [gold.dimension, prediction.dimension];
  if (from !== to) return compareDimensions(gold, prediction, comparison);
  const common = gold.top * prediction.bottom === prediction.top * gold.bottom;
  const [left, right] = common
    ? [gold.arg, prediction.arg]
    : [times(gold.arg, gold.top, gold.bottom), times(prediction.arg, prediction.top, prediction.bottom)];
  const outcome = compareExpressions(left, right, comparison);
  return {
    ...outcome,
    rule: common && outcome.equal ? outcome.rule : 'unit',
    reason: `${outcome.reason} (in the same unit)`,
  };
}

interface Measure {
  readonly arg: Node;
  readonly dimension: string;
  readonly top: bigint;
  readonly bottom: bigint;
}

function asMeasure(node: Node): Measure {
  if (node.kind === 'quantity')
    return { arg: node.arg, dimension: node.unit.dimension, top: node.unit.top, bottom: node.unit.bottom };
  if (node.kind === 'degrees') return { arg: node.arg, dimension: 'angle', top: 1n, bottom: 1n };
  if (node.kind === 'percent') return { arg: node.arg, dimension: 'percent', top: 1n, bottom: 100n };
  return { arg: node, dimension: '', top: 1n, bottom: 1n };
}

function comparePercent(gold: Measure, prediction: Measure, comparison: Comparison): Outcome {
  if (![gold, prediction].every((side) => side.dimension === 'percent' || side.dimension === ''))
    return different('unit', 'a percentage against another unit');
  const direct = compareExpressions(gold.arg, prediction.arg, comparison);
  if (direct.equal || gold.dimension === prediction.dimension)
    return direct.equal ? same('percent', 'the same percentage') : direct;
  const side = (measure: Measure): Node =>
    measure.dimension === 'percent' ? scale(measure.arg, 1n, 100n) : measure.arg;
  const outcome = compareExpressions(side(gold), side(prediction), comparison);
  return outcome.equal
    ? same('percent', 'the percentage as a fraction')
    : different('percent', 'the percentage differs');
}

function compareWithout(gold: Measure, prediction: Measure, comparison: Comparison): Outcome {
  const outcome = compareExpressions(gold.arg, prediction.arg, comparison);
  if (outcome.equal) return { ...outcome, reason: `${outcome.reason} (a missing unit is accepted)` };
  const [measured, bare] = gold.dimension === '' ? [prediction, gold] : [gold, prediction];
  if (measured.dimension === 'angle' && some(bare.arg, isAngular))
    return compareAngles(gold, prediction, comparison);
  return outcome;
}

/** What makes a bare value an angle in radians: π, or the inverse of a trigonometric function. */
const isAngular = (part: Node): boolean =>
  (part.kind === 'constant' && part.name === 'pi') ||
  (part.kind === 'call' && /^arc[a-z]{3}$/.test(part.name));

function compareDimensions(gold: Measure, prediction: Measure, comparison: Comparison): Outcome {
  const [from, to] = [gold.dimension, prediction.dimension].sort();
  if (from === 'angle' && to === 'radian') return compareAngles(gold, prediction, comparison);
  if (from.startsWith('noun:') && to.startsWith('noun:') && sharesNoun(from, to))
    return compareExpressions(gold.arg, prediction.arg, comparison);
  return different('unit', `the units differ: ${describe(gold)} against ${describe(prediction)}`);
}

const describe = (measure: Measure): string => measure.dimension.replace('noun:', '');

function sharesNoun(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.slice(5).split(' '));
  return left.every((word) => right.includes(word)) || right.every((word) => left.includes(word));
}

/** Degrees against radians. */
function compareAngles(gold: Measure, prediction: Measure, comparison: Comparison): Outcome {
  const radians = (measure: Measure): Node =>
    measure.dimension === 'angle'
      ? { kind: 'multiply', args: [scale(measure.arg, 1n, 180n), { kind: 'constant', name: 'pi' }] }
      : measure.arg;
  const outcome = compareExpressions(radians(gold), radians(prediction), comparison);
  return { ...outcome, rule: 'unit', reason: `${outcome.reason} (in radians)` };
}
