import type { Node } from '../read/node.js';
import { key } from './key.js';
import { isEquation, isLabel, labelStem } from './labels.js';
import { type Comparison, different, type Outcome, same } from './outcome.js';
import { expandPlusMinus, hasPlusMinus } from './plus-minus.js';

export type Sequence = Extract<Node, { kind: 'sequence' }>;
type Equation = Extract<Node, { kind: 'relation' }>;
type Compare = (gold: Node, prediction: Node, comparison: Comparison) => Outcome;

/** Longer collections than this are compared by form alone. */
const MAX_ITEMS = 200;

/** Whether order does not count: braces, or a list without brackets. */
export const isUnordered = (node: Node): node is Sequence =>
  node.kind === 'sequence' && (node.open === '' || node.open === '{');

/** Compares two collections: sets, lists, tuples and vectors. */
export function compareCollections(
  gold: Sequence,
  prediction: Sequence,
  comparison: Comparison,
  compareAnswers: Compare,
): Outcome {
  const compare: Compare = (one, other, options) =>
    isSet(one) === isSet(other)
      ? compareAnswers(one, other, options)
      : different('kinds-differ', 'a set is no element');
  if (gold.items.length > MAX_ITEMS || prediction.items.length > MAX_ITEMS)
    return different('undecided', 'too many items');
  const [left, right] = [tidyList(gold, prediction), tidyList(prediction, gold)];
  const unordered = [left, right].filter((list) => isUnordered(list)).length;
  if (unordered === 2) return compareUnordered(left, right, comparison, compare);
  if (unordered === 1) return compareSetWithTuple(left, right, comparison, compare);
  if (!sameBrackets(left, right)) return different('interval', 'the brackets differ');
  return compareOrdered(left.items, right.items, comparison, compare);
}

/** Inside a collection {1} is not 1, though alone it is as good. */
const isSet = (node: Node): boolean => node.kind === 'sequence' && node.open === '{';

function sameBrackets(gold: Sequence, prediction: Sequence): boolean {
  const kind = (node: Sequence): string =>
    node.open === '<' || (node.open === '[' && node.close === ']' && node.items.length > 2)
      ? '()'
      : node.open + node.close;
  return kind(gold) === kind(prediction);
}

/** A bare list may be the tuple with its brackets left out; an explicit set is no tuple unless strictness is off. */
function compareSetWithTuple(
  gold: Sequence,
  prediction: Sequence,
  comparison: Comparison,
  compare: Compare,
): Outcome {
  const set = isUnordered(gold) ? gold : prediction;
  const tuple = set === gold ? prediction : gold;
  if (tuple.open !== '(' && tuple.open !== '<' && !(tuple.open === '[' && tuple.items.length > 2))
    return different('interval', 'an interval is no list');
  if (tuple.close === ']' && tuple.open === '(') return different('interval', 'an interval is no list');
  if (set.open === '{' && comparison.strict) return different('kinds-differ', 'a set is no tuple');
  return set.open === '{'
    ? compareUnordered(gold, prediction, comparison, compare)
    : compareOrdered(gold.items, prediction.items, comparison, compare);
}

/** Compares item by item. */
export function compareOrdered(
  gold: Node[],
  prediction: Node[],
  comparison: Comparison,
  compare: Compare,
): Outcome {
  if (gold.length !== prediction.length)
    return different('tuple', `${gold.length} entries against ${prediction.length}`);
  for (const [index, item] of gold.entries()) {
    const outcome = compare(item, prediction[index], comparison);
    if (!outcome.equal) return different('tuple', `entry ${index + 1}: ${outcome.reason}`);
  }
  return same('tuple', 'all entries agree');
}

function compareUnordered(
  gold: Sequence,
  prediction: Sequence,
  comparison: Comparison,
  compare: Compare,
): Outcome {
  const [left, right] = [distinct(expand(gold.items)), distinct(expand(prediction.items))];
  if (isBare(gold) && isBare(prediction) && !repeatsAgree(gold, prediction, comparison, compare))
    return different('set', 'an element of the list repeats on one side only');
  const missing = unmatched(left, right, comparison, compare);
  if (missing)
    return different('set', `the prediction lacks an element (${left.length} against ${right.length})`);
  const extra = unmatched(right, left, comparison, (a, b, options) => compare(b, a, options));
  return extra
    ? different('set', 'the prediction has an element too many')
    : same('set', 'the same elements');
}

const isBare = (list: Sequence): boolean => list.open === '' && !list.items.some(hasPlusMinus);

/** A gold list, unlike a set, says how often an element is there: 1, 1, 2 is not 1, 2. A prediction may say one twice. */
function repeatsAgree(
  gold: Sequence,
  prediction: Sequence,
  comparison: Comparison,
  compare: Compare,
): boolean {
  if (distinct(gold.items).length === gold.items.length) return true;
  if (gold.items.length !== prediction.items.length) return false;
  const open = [...prediction.items];
  return gold.items.every((item) => {
    const same = open.findIndex((other) => key(other) === key(item));
    const index = same >= 0 ? same : open.findIndex((other) => compare(item, other, comparison).equal);
    if (index >= 0) open.splice(index, 1);
    return index >= 0;
  });
}

const expand = (items: Node[]): Node[] =>
  items.flatMap((item) => (hasPlusMinus(item) ? expandPlusMinus(item) : [item]));

const distinct = (items: Node[]): Node[] => [...new Map(items.map((item) => [key(item), item])).values()];

/** The first item that has no partner, or `null` where all have one. */
function unmatched(items: Node[], others: Node[], comparison: Comparison, compare: Compare): Node | null {
  const keys = new Set(others.map(key));
  for (const item of items) {
    if (keys.has(key(item))) continue;
    if (!others.some((other) => compare(item, other, comparison).equal)) return item;
  }
  return null;
}

/** Whether another list gives its values to another name: `x = 1, 2` against `y = 1, 2`. */
function namesOther(first: Equation, { items: [otherFirst, ...rest] }: Sequence): boolean {
  return (
    otherFirst !== undefined &&
    isEquation(otherFirst) &&
    rest.every((item) => item.kind !== 'relation') &&
    labelStem(otherFirst) !== labelStem(first)
  );
}

/** `x_1 = 3, x_2 = 4` against `x = 3, x = 4`: the values of one name, whose indices only count them. */
function stripped(list: Sequence, other: Sequence): Sequence {
  const [names, others] = [list, other].map(({ items }) =>
    items.map((item) => (isEquation(item) && item.sides[0].kind === 'symbol' ? item : null)),
  );
  if (![...names, ...others].every((item) => item !== null)) return list;
  const stems = new Set([...names, ...others].map((item) => labelStem(item!)));
  const unnumbered = [names, others].some(
    (side) => side.length > 1 && new Set(side.map((item) => key(item!.sides[0]))).size === 1,
  );
  return stems.size === 1 && !stems.has(null) && unnumbered
    ? { ...list, items: names.map((item) => item!.sides.at(-1)!) }
    : list;
}

/**
 * Takes the names out of a list of assignments where the other side has none: `n = 1, 2, 3` is 1, 2, 3;
 * `x = 5, y = 6` is the tuple (5, 6); `p = 5, q = 2; p = 7, q = 2` are the tuples (5, 2), (7, 2).
 */
function tidyList(list: Sequence, other: Sequence): Sequence {
  const [first, ...rest] = list.items;
  if (!isUnordered(list) || !first || !isEquation(first) || !isLabel(first.sides[0])) return list;
  if (rest.every((item) => item.kind !== 'relation'))
    return namesOther(first, other) ? list : { ...list, items: [first.sides.at(-1)!, ...rest] };
  const assignments = list.items.filter(isEquation);
  if (assignments.length < list.items.length) return list;
  if (other.items.some((item) => item.kind === 'relation')) return stripped(list, other);
  const values = assignments.map((item) => item.sides.at(-1)!);
  const stems = assignments.map(labelStem);
  const names = assignments.map((item) => key(item.sides[0]));
  const period = names.indexOf(names[0], 1);
  if (
    period > 1 &&
    names.length % period === 0 &&
    names.every((name, index) => name === names[index % period])
  ) {
    const groups = Array.from({ length: names.length / period }, (_, group) =>
      values.slice(group * period, (group + 1) * period),
    );
    return {
      ...list,
      items: groups.map((items): Node => ({ kind: 'sequence', open: '(', close: ')', items })),
    };
  }
  const oneName = stems.every((stem) => stem !== null && stem === stems[0]);
  return oneName ? { ...list, items: values } : { kind: 'sequence', open: '(', close: ')', items: values };
}
