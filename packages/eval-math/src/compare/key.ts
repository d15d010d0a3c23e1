import type { Node } from '../read/node.js';
import { children } from '../read/walk.js';
import { show } from '../value/rational.js';

/** A string that two trees share exactly where they are the same but for the order of sums and products. */
export function key(node: Node): string {
  switch (node.kind) {
    case 'number':
      return show(node.value);
    case 'symbol':
      return node.name;
    case 'constant':
      return `\\${node.name}`;
    case 'add':
      return `(+ ${node.args.map(key).sort().join(' ')})`;
    case 'multiply':
      return `(* ${node.args.map(key).sort().join(' ')})`;
    case 'call':
      return `(${node.name} ${node.args.map(key).join(' ')})`;
    case 'quantity':
      return `(unit ${node.unit.dimension} ${node.unit.top}/${node.unit.bottom} ${key(node.arg)})`;
    case 'based':
      return `(base ${node.base} ${node.digits})`;
    case 'clock':
      return `(clock ${node.minutes} ${node.seconds} ${node.half})`;
    case 'date':
      return `(date ${node.year} ${node.month} ${node.day})`;
    case 'plusMinus':
      return `(± ${node.first} ${key(node.arg)})`;
    case 'fold':
      return `(${node.operation} ${node.index} ${key(node.from)} ${key(node.to)} ${key(node.body)})`;
    case 'sequence':
      return `(${node.open}${node.close} ${node.items.map(key).join(isEither(node) ? ' or ' : ' , ')})`;
    case 'relation':
      return `(${node.operators.join('')} ${node.sides.map(key).join(' , ')})`;
    case 'setOperation':
      return `(${node.operation} ${key(node.left)} ${key(node.right)})`;
    case 'member':
      return `(${node.negated ? 'not-' : ''}in ${key(node.label)} ${key(node.set)})`;
    case 'namedSet':
      return `\\${node.name}`;
    case 'matrix':
      return `(matrix ${node.rows.map((row) => row.map(key).join(' & ')).join(' \\ ')})`;
    case 'opaque':
      return node.latex.replace(/\s+/g, '');
    case 'text':
      return `"${node.text}"`;
    default:
      return `(${node.kind} ${children(node).map(key).join(' ')})`;
  }
}

/** Whether "or" between the items makes a difference: it does between inequalities. */
const isEither = (node: Extract<Node, { kind: 'sequence' }>): boolean =>
  node.joint === 'or' &&
  node.items.some((item) => item.kind === 'relation' && item.operators.some((operator) => operator !== '='));
