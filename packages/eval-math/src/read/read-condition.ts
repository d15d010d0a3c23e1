import { atSign, type Cursor, peek } from './cursor.js';
import type { Node } from './node.js';
import { readList } from './read-list.js';

const LEAD = /^[\s,]*(?:(?:if|for|when|where|whenever|on|provided(?: that)?|as long as)[\s,:]*)?$/i;
const OTHERWISE = /^[\s,]*(?:if |in )?(?:otherwise|else|elsewhere|(?:all|any) other cases?)[\s.,]*$/i;
const JOINT = /^[\s,]*(?:(?:and|or)[\s,]*)?$/i;

/** Reads the cell of a piecewise definition that says where its value holds: `\text{if } x > 0`, `\text{otherwise}`. */
export function readCondition(cursor: Cursor): Node {
  while (atWords(cursor, LEAD)) cursor.at += 1;
  const end = endOfCell(cursor);
  const cell = cursor.tokens.slice(cursor.at, end);
  if (cell.length === 1 && OTHERWISE.test(cell[0].value)) {
    cursor.at = end;
    return { kind: 'text', text: 'otherwise' };
  }
  // Words among the signs (`n \text{ is not even}`) decide by every one of them, which no unit does.
  if (cell.some(({ type, value }) => type === 'text' && !JOINT.test(value))) {
    cursor.at = end;
    return { kind: 'text', text: cursor.source.slice(cell[0].from, cell.at(-1)!.to) };
  }
  if (cell.at(-1)?.value === '.') cursor.tokens.splice(end - 1, 1);
  return readList(cursor, '', '');
}

function atWords(cursor: Cursor, pattern: RegExp): boolean {
  const token = peek(cursor);
  return (
    atSign(cursor, ',') || ((token?.type === 'text' || token?.type === 'word') && pattern.test(token.value))
  );
}

/** Where the cell ends: at the next `&`, row break or end outside of brackets. */
function endOfCell(cursor: Cursor): number {
  let depth = 0;
  for (let index = cursor.at; index < cursor.tokens.length; index += 1) {
    const { type, value } = cursor.tokens[index];
    if (type === 'command' && value === 'end' && depth === 0) return index;
    if (type === 'command' && (value === 'begin' || value === 'end')) depth += value === 'begin' ? 1 : -1;
    if (type !== 'sign') continue;
    if (value === '{' || value === '(') depth += 1;
    if (value === '}' || value === ')') depth -= 1;
    if (depth === 0 && (value === '&' || value === '\\')) return index;
  }
  return cursor.tokens.length;
}
