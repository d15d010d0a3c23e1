import { UnreadableError } from './cursor.js';
import type { Node } from './node.js';

/** Larger determinants than this many rows are not read. */
const MAX_ROWS = 4;

/** The determinant of a square matrix as an expression in its entries, by expansion along the first row. */
export function determinantOf(rows: Node[][]): Node {
  if (rows.length > MAX_ROWS || rows.some((row) => row.length !== rows.length))
    throw new UnreadableError('no determinant of this shape');
  if (rows.length === 1) return rows[0][0];
  const terms = rows[0].map((entry, column): Node => {
    const minor = rows.slice(1).map((row) => row.filter((_, index) => index !== column));
    const term: Node = { kind: 'multiply', args: [entry, determinantOf(minor)] };
    return column % 2 === 0 ? term : { kind: 'negate', arg: term };
  });
  return { kind: 'add', args: terms };
}
