import type { Node } from '../read/node.js';
import { key } from './key.js';

type SetOperation = Extract<Node, { kind: 'setOperation' }>;

/** Expressions of more different sets than this are compared by form alone. */
const MAX_SETS = 10;

/**
 * Whether two expressions of unions, intersections and differences are the same whatever their sets are: A ∪ B is B ∪ A.
 * Decided by the truth table of membership, in which each different set is one variable.
 */
export function equalSetAlgebra(gold: SetOperation, prediction: SetOperation): boolean {
  const names = [...new Set([...leaves(gold), ...leaves(prediction)])];
  if (names.length > MAX_SETS) return false;
  return Array.from({ length: 2 ** names.length }, (_, row) => row).every((row) => {
    const inside = new Map(names.map((name, index) => [name, ((row >> index) & 1) === 1]));
    return isMember(gold, inside) === isMember(prediction, inside);
  });
}

const leaves = (node: Node): string[] =>
  node.kind === 'setOperation' ? [...leaves(node.left), ...leaves(node.right)] : [key(node)];

function isMember(node: Node, inside: ReadonlyMap<string, boolean>): boolean {
  if (node.kind === 'namedSet' && node.name === 'empty') return false;
  if (node.kind !== 'setOperation') return inside.get(key(node))!;
  const [left, right] = [isMember(node.left, inside), isMember(node.right, inside)];
  if (node.operation === 'union') return left || right;
  return node.operation === 'intersection' ? left && right : left && !right;
}
