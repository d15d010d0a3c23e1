import type { Node } from '../read/node.js';
import { countNodes } from '../read/walk.js';
import { whole } from '../value/rational.js';

type Rows = Node[][];

/** Larger products than this many entries are not worked out. */
const MAX_ENTRIES = 100;
/** Factors whose entries have more nodes than this together are not multiplied: each product doubles them. */
const MAX_NODES = 1_000;

/** The entries of a matrix expression (sums, products, powers and multiples of matrices), or `null` where it is none. */
export function matrixOf(node: Node): Rows | null {
  switch (node.kind) {
    case 'matrix':
      return node.rows;
    case 'negate': {
      const rows = matrixOf(node.arg);
      return rows && mapRows(rows, (entry) => ({ kind: 'negate', arg: entry }));
    }
    case 'add':
      return node.args.map(matrixOf).reduce((left, right) => (left && right ? sum(left, right) : null));
    case 'multiply':
      return productOf(node.args);
    case 'divide': {
      const rows = matrixOf(node.top);
      return rows && mapRows(rows, (entry) => ({ kind: 'divide', top: entry, bottom: node.bottom }));
    }
    default:
      return null;
  }
}

const nodesIn = (rows: Rows): number => rows.flat().reduce((total, entry) => total + countNodes(entry), 0);

function productOf(args: Node[]): Rows | null {
  const start: Rows | Node | null = { kind: 'number', value: whole(1), decimal: false };
  const product = args.reduce<Rows | Node | null>(
    (left, part) => (left ? multiply(left, matrixOf(part) ?? part) : null),
    start,
  );
  return Array.isArray(product) ? product : null;
}

const mapRows = (rows: Rows, change: (entry: Node) => Node): Rows => rows.map((row) => row.map(change));

function sum(left: Rows, right: Rows): Rows | null {
  if (left.length !== right.length || left[0].length !== right[0].length) return null;
  return left.map((row, i) => row.map((entry, j) => ({ kind: 'add', args: [entry, right[i][j]] })));
}

function multiply(left: Rows | Node, right: Rows | Node): Rows | Node | null {
  if (!Array.isArray(left))
    return Array.isArray(right)
      ? mapRows(right, (entry) => ({ kind: 'multiply', args: [left, entry] }))
      : { kind: 'multiply', args: [left, right] };
  if (!Array.isArray(right)) return mapRows(left, (entry) => ({ kind: 'multiply', args: [entry, right] }));
  if (left[0].length !== right.length || left.length * right.length * right[0].length > MAX_ENTRIES * 5)
    return null;
  if (nodesIn(left) + nodesIn(right) > MAX_NODES) return null;
  return left.map((row) =>
    right[0].map((_, j) => ({
      kind: 'add',
      args: row.map((entry, k): Node => ({ kind: 'multiply', args: [entry, right[k][j]] })),
    })),
  );
}

/** Whether the tree is a matrix, or is worked out from matrices. */
export function hasMatrix(node: Node): boolean {
  return node.kind === 'matrix'
    ? true
    : node.kind === 'negate'
      ? hasMatrix(node.arg)
      : node.kind === 'add' || node.kind === 'multiply'
        ? node.args.some(hasMatrix)
        : node.kind === 'divide' && hasMatrix(node.top);
}
