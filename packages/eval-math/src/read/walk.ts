import type { Node } from '../read/node.js';

/** The nodes directly below a node. */
export function children(node: Node): Node[] {
  switch (node.kind) {
    case 'add':
    case 'multiply':
    case 'call':
      return node.args;
    case 'divide':
      return [node.top, node.bottom];
    case 'power':
      return [node.base, node.exponent];
    case 'negate':
    case 'plusMinus':
    case 'percent':
    case 'degrees':
    case 'quantity':
    case 'absolute':
      return [node.arg];
    case 'fold':
      return [node.from, node.to, node.body];
    case 'ratio':
      return node.parts;
    case 'sequence':
      return node.items;
    case 'relation':
      return node.sides;
    case 'member':
      return [node.label, node.set];
    case 'setOperation':
      return [node.left, node.right];
    case 'matrix':
      return node.rows.flat();
    default:
      return [];
  }
}

/** The same node with each child replaced by what `change` makes of it. */
export function mapChildren(node: Node, change: (child: Node) => Node): Node {
  switch (node.kind) {
    case 'add':
    case 'multiply':
    case 'call':
      return { ...node, args: node.args.map(change) };
    case 'divide':
      return { ...node, top: change(node.top), bottom: change(node.bottom) };
    case 'power':
      return { ...node, base: change(node.base), exponent: change(node.exponent) };
    case 'negate':
    case 'plusMinus':
    case 'percent':
    case 'degrees':
    case 'quantity':
    case 'absolute':
      return { ...node, arg: change(node.arg) };
    case 'fold':
      return { ...node, from: change(node.from), to: change(node.to), body: change(node.body) };
    case 'ratio':
      return { ...node, parts: node.parts.map(change) };
    case 'sequence':
      return { ...node, items: node.items.map(change) };
    case 'relation':
      return { ...node, sides: node.sides.map(change) };
    case 'member':
      return { ...node, label: change(node.label), set: change(node.set) };
    case 'setOperation':
      return { ...node, left: change(node.left), right: change(node.right) };
    case 'matrix':
      return { ...node, rows: node.rows.map((row) => row.map(change)) };
    default:
      return node;
  }
}

/** Whether the predicate holds for the node or anything below it. */
export const some = (node: Node, test: (node: Node) => boolean): boolean =>
  test(node) || children(node).some((child) => some(child, test));

/** How many nodes a tree has. */
export const countNodes = (node: Node): number =>
  1 + children(node).reduce((total, child) => total + countNodes(child), 0);

/** Names of the unbound symbols, in order of appearance. */
export function freeSymbols(node: Node): string[] {
  const found = new Set<string>();
  const visit = (current: Node, bound: ReadonlySet<string>): void => {
    if (current.kind === 'symbol' && !bound.has(current.name)) found.add(current.name);
    const inner = current.kind === 'fold' ? new Set([...bound, current.index]) : bound;
    for (const child of children(current))
      visit(child, child === (current.kind === 'fold' ? current.body : null) ? inner : bound);
  };
  visit(node, new Set());
  return [...found];
}

/** The same tree with every symbol renamed that the map names. */
export function rename(node: Node, names: ReadonlyMap<string, string>): Node {
  if (node.kind === 'symbol') return { kind: 'symbol', name: names.get(node.name) ?? node.name };
  return mapChildren(node, (child) => rename(child, names));
}
