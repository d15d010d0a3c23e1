import type { Node } from '../read/node.js';
import { constantOf } from './constants.js';
import { compareExpressions } from './expressions.js';
import { isAngular, isMeasured, type Measure, measureOf, scale } from './measure.js';
import { type Comparison, different, type Outcome, same } from './outcome.js';

/** Whether either side carries a unit, a percent or a degree sign. */
export const hasUnit = (gold: Node, prediction: Node): boolean => isMeasured(gold) || isMeasured(prediction);

/** Compares two values of which one or both have a unit; a missing unit is accepted, another one is converted or refused. */
export function compareQuantities(goldNode: Node, predictionNode: Node, comparison: Comparison): Outcome {
  const [gold, prediction] = [measureOf(goldNode), measureOf(predictionNode)];
  if (!gold || !prediction) return different('unit', 'units that do not go together');
  if (gold.dimension === 'percent' || prediction.dimension === 'percent')
    return comparePercent(gold, prediction, comparison);
  if (gold.dimension === '' || prediction.dimension === '')
    return compareWithout(gold, prediction, comparison);
  if (gold.dimension !== prediction.dimension) return compareDimensions(gold, prediction, comparison);
  const common = gold.top * prediction.bottom === prediction.top * gold.bottom;
  const [left, right] = common
    ? [gold.arg, prediction.arg]
    : [scale(gold.arg, gold.top, gold.bottom), scale(prediction.arg, prediction.top, prediction.bottom)];
  const outcome = compareExpressions(left, right, comparison);
  return {
    ...outcome,
    rule: common && outcome.equal ? outcome.rule : 'unit',
    reason: `${outcome.reason} (in the same unit)`,
  };
}

function comparePercent(gold: Measure, prediction: Measure, comparison: Comparison): Outcome {
  if (![gold, prediction].every((side) => side.dimension === 'percent' || side.dimension === ''))
    return different('unit', 'a percentage against another unit');
  const direct =
    gold.dimension === '' && isShare(gold.arg)
      ? different('percent', 'a share against a percentage')
      : compareExpressions(gold.arg, prediction.arg, comparison);
  if (direct.equal || gold.dimension === prediction.dimension)
    return direct.equal ? same('percent', 'the same percentage') : direct;
  const side = (measure: Measure): Node =>
    measure.dimension === 'percent' ? scale(measure.arg, 1n, 100n) : measure.arg;
  const outcome = compareExpressions(side(gold), side(prediction), comparison);
  return outcome.equal
    ? same('percent', 'the percentage as a fraction')
    : different('percent', 'the percentage differs');
}

/** Whether a value is at most 1, so that 0.5 asks for 50 % and not for 0.5 %. */
const isShare = (node: Node): boolean => constantOf(node)?.ball.re.abs().lessThanOrEqualTo(1) ?? false;

function compareWithout(gold: Measure, prediction: Measure, comparison: Comparison): Outcome {
  const outcome = compareExpressions(gold.arg, prediction.arg, comparison);
  if (outcome.equal) return { ...outcome, reason: `${outcome.reason} (a missing unit is accepted)` };
  const [measured, other] = gold.dimension === '' ? [prediction, gold] : [gold, prediction];
  return measured.dimension === 'angle' && isAngular(other.arg)
    ? compareAngles(gold, prediction, comparison)
    : outcome;
}

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
