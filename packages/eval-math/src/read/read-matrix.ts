import {
  atCommand,
  atSign,
  type Cursor,
  expectSign,
  nested,
  peek,
  takeSign,
  UnreadableError,
} from './cursor.js';
import { determinantOf } from './determinant.js';
import type { Node } from './node.js';
import { readCondition } from './read-condition.js';
import { readList } from './read-list.js';

const MATRICES = new Set([
  'matrix',
  'pmatrix',
  'bmatrix',
  'Bmatrix',
  'vmatrix',
  'Vmatrix',
  'smallmatrix',
  'array',
]);
const CASES = new Set(['cases', 'rcases', 'dcases']);
const LISTS = new Set([...CASES, 'aligned', 'align', 'gathered', 'gather', 'equation', 'split']);

/** Larger matrices than this many entries are not read. */
const MAX_ENTRIES = 400;

/** Reads `\begin{…}…\end{…}`: a matrix, or lines that make a list. The `\begin` is already taken. */
export function readEnvironment(cursor: Cursor): Node {
  const name = readName(cursor);
  if (name === 'array') skipColumns(cursor);
  if (!MATRICES.has(name) && !LISTS.has(name)) throw new UnreadableError(`\\begin{${name}}`);
  const rows = nested(cursor, () => readRows(cursor, CASES.has(name) ? readCondition : readCell));
  if (readName(cursor) !== name) throw new UnreadableError('an open environment');
  if (LISTS.has(name)) {
    if (CASES.has(name) && rows.some((row) => row.length === 2)) return piecewise(rows);
    const items = rows.map((row) => (row.length === 1 ? row[0] : merged(row)));
    return items.length === 1 ? items[0] : { kind: 'sequence', open: '', close: '', items };
  }
  if (rows.some((row) => row.length !== rows[0].length))
    throw new UnreadableError('rows of different lengths');
  return name === 'vmatrix' ? determinantOf(rows) : { kind: 'matrix', rows };
}

function readName(cursor: Cursor): string {
  expectSign(cursor, '{');
  const token = peek(cursor);
  if (!token) throw new UnreadableError('an environment without a name');
  cursor.at += 1;
  takeSign(cursor, '*');
  expectSign(cursor, '}');
  return token.value;
}

function skipColumns(cursor: Cursor): void {
  if (!takeSign(cursor, '{')) return;
  while (peek(cursor) && !atSign(cursor, '}')) cursor.at += 1;
  expectSign(cursor, '}');
}

const readCell = (cursor: Cursor): Node => readList(cursor, '', '');

function readRows(cursor: Cursor, readLaterCell: (cursor: Cursor) => Node): Node[][] {
  const rows: Node[][] = [[]];
  let entries = 0;
  for (;;) {
    while (atCommand(cursor, 'hline')) cursor.at += 1;
    if (atCommand(cursor, 'end')) break;
    if (atSign(cursor, '\\')) {
      takeRowBreak(cursor);
      if (rows.at(-1)!.length > 0) rows.push([]);
    } else if (!takeSign(cursor, '&')) {
      const row = rows.at(-1)!;
      row.push(row.length === 0 ? readCell(cursor) : readLaterCell(cursor));
      entries += 1;
      if (entries > MAX_ENTRIES) throw new UnreadableError('too large a matrix');
    }
  }
  cursor.at += 1;
  if (rows.at(-1)!.length === 0) rows.pop();
  if (rows.length === 0) throw new UnreadableError('an empty environment');
  return rows;
}

function takeRowBreak(cursor: Cursor): void {
  while (takeSign(cursor, '\\')) {
    // A row ends with two backslashes; typists repeat them.
  }
  if (atSign(cursor, '[')) while (peek(cursor) && !takeSign(cursor, ']')) cursor.at += 1;
}

/** A value and its condition a row, in any order of the rows: the set of these pairs. The last may have no condition. */
function piecewise(rows: Node[][]): Node {
  const items = rows.map((row, index): Node => {
    const [value, condition = OTHERWISE] = row;
    if (row.length > 2 || (row.length === 1 && index < rows.length - 1)) return merged(row);
    return { kind: 'sequence', open: '(', close: ')', items: [value, condition] };
  });
  return { kind: 'sequence', open: '{', close: '}', items };
}

const OTHERWISE: Node = { kind: 'text', text: 'otherwise' };

/** `x & = 1` inside `aligned` is one line. */
function merged(row: Node[]): Node {
  throw new UnreadableError(`a line of ${row.length} cells`);
}
