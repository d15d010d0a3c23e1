import type { Node } from '../read/node.js';
import { some } from '../read/walk.js';
import { key } from './key.js';

type Sequence = Extract<Node, { kind: 'sequence' }>;

const isTuple = (node: Node): node is Sequence =>
  node.kind === 'sequence' && (node.open === '(' || node.open === '<') && node.items.length >= 2;

/** The tuple of a named point such as `A(1, 2)`, else `null`. */
function namedPoint(node: Node): { name: string; tuple: Sequence } | null {
  if (node.kind !== 'multiply' || node.args.length !== 2 || node.word) return null;
  const [name, tuple] = node.args;
  return name.kind === 'symbol' && /^[A-Z](?:_\w+|'+)?$/.test(name.name) && isTuple(tuple)
    ? { name: key(name), tuple }
    : null;
}

/** Both sides without the names of points, unless they name different ones. */
export function withoutPointNames(gold: Node, prediction: Node): [Node, Node] {
  const [left, right] = [namedPoint(gold), namedPoint(prediction)];
  if (left && right && left.name !== right.name) return [gold, prediction];
  return [left?.tuple ?? gold, right?.tuple ?? prediction];
}

const BASIS: readonly Node[] = [
  { kind: 'constant', name: 'i' },
  { kind: 'symbol', name: 'j' },
  { kind: 'symbol', name: 'k' },
];

/** Whether an expression speaks of the unit vectors i, j, k. */
export const hasUnitVectors = (node: Node): boolean =>
  some(node, (part) => part.kind === 'symbol' && (part.name === 'j' || part.name === 'k'));

/** The tuple (a, b, c) as a·i + b·j + c·k; `null` where it has other than two or three entries. */
export function inUnitVectors(node: Node): Node | null {
  if (!isTuple(node) || node.items.length > 3) return null;
  return {
    kind: 'add',
    args: node.items.map((item, index): Node => ({ kind: 'multiply', args: [item, BASIS[index]] })),
  };
}
