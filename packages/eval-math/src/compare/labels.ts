import type { Node } from '../read/node.js';
import { freeSymbols } from '../read/walk.js';
import { findUnknown } from './solve.js';

type Relation = Extract<Node, { kind: 'relation' }>;

export const isEquation = (node: Node): node is Relation =>
  node.kind === 'relation' && node.operators.every((operator) => operator === '=');

/** Whether the left of an equation only names the value on its right: `x`, `f(2)`, `|AB|`, `V_1 : V_2`, `(p, q)`. */
export function isLabel(node: Node): boolean {
  switch (node.kind) {
    case 'symbol':
    case 'text':
    case 'constant':
      return true;
    case 'call':
      return !node.known || (node.args.length === 1 && isLabel(node.args[0]));
    case 'absolute':
    case 'quantity':
    case 'degrees':
      return isLabel(node.arg);
    case 'multiply':
      return node.args.every(isLabel);
    case 'divide':
      return isLabel(node.top) && isLabel(node.bottom);
    case 'ratio':
      return node.parts.every(isLabel);
    case 'sequence':
      return node.items.length > 0 && node.items.every(isLabel);
    default:
      return false;
  }
}

/** As {@link isLabel}, but also sums and powers of names: a prediction may state `x^2 + y^2 = 25` for 25. */
function isNamedValue(node: Node): boolean {
  if (node.kind === 'add') return node.args.every(isNamedValue);
  if (node.kind === 'negate') return isNamedValue(node.arg);
  if (node.kind === 'power') return isNamedValue(node.base) && findUnknown([node]) === null;
  if (node.kind === 'multiply') return node.args.every(isNamedValue);
  return isLabel(node);
}

/** The label of an assignment, without its index: the `x` of `x_1 = 3`. */
export function labelStem(node: Relation): string | null {
  const left = node.sides[0];
  if (left.kind === 'symbol') return left.name.split('_', 1)[0];
  return left.kind === 'call' && !left.known ? left.name : null;
}

/**
 * What a predicted equation states as its value, given that the gold is no relation: the last side of a chain, or of a
 * single equation whose left side is a name or a calculation. `null` for an equation that is yet to be solved (`2x = 5`).
 */
export function statedValue(node: Relation): Node | null {
  const first = node.sides[0];
  const last = node.sides.at(-1)!;
  if (node.sides.length > 2 || isNamedValue(first) || freeSymbols(first).length === 0) {
    return isLabel(last) && freeSymbols(first).length === 0 && node.sides.length === 2 && !isLabel(first)
      ? first
      : last;
  }
  return null;
}

/** The value of a gold assignment such as `x = 5`, else `null`. */
export function assignedValue(node: Relation): Node | null {
  return isLabel(node.sides[0]) || node.sides.length > 2 ? node.sides.at(-1)! : null;
}
