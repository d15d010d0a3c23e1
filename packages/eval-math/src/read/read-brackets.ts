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
import type { Bracket, Node } from './node.js';
import { readList, readRelation } from './read-list.js';
import { readSum } from './read-sum.js';

/** Reads something in brackets: a group, a tuple, an interval, a set, an absolute value. */
export function readBracketed(cursor: Cursor): Node {
  const token = peek(cursor)!;
  switch (token.value) {
    case '(':
    case '[':
    case ']':
      return nested(cursor, () => readRoundOrSquare(cursor));
    case '{':
      return nested(cursor, () => readGroup(cursor));
    case '\\{':
      return nested(cursor, () => readSet(cursor));
    case '|':
    case '\\|':
      return nested(cursor, () => readBars(cursor));
    default:
      throw new UnreadableError(`unexpected ${token.value}`);
  }
}

function readRoundOrSquare(cursor: Cursor): Node {
  const sign = peek(cursor)!.value;
  const open: Bracket = sign === '(' ? '(' : sign === '[' ? '[' : '(';
  const french = sign === ']';
  cursor.at += 1;
  const bars = cursor.bars;
  cursor.bars = 0;
  const list = readList(cursor, open, ')');
  cursor.bars = bars;
  const closing = peek(cursor);
  if (closing?.type !== 'sign' || ![')', ']', '['].includes(closing.value))
    throw new UnreadableError('an open bracket');
  cursor.at += 1;
  const close: Bracket = closing.value === ']' ? ']' : ')';
  if (list.kind !== 'sequence') return list;
  if (list.items.length === 1 && !french && closing.value !== '[') {
    const only = list.items[0];
    return only.kind === 'sequence' && only.open === '' ? { ...only, open, close } : only;
  }
  return { ...list, open, close };
}

/** `{…}` groups in LaTeX; around a comma list the writer meant a set and forgot the backslash. */
function readGroup(cursor: Cursor): Node {
  expectSign(cursor, '{');
  const bars = cursor.bars;
  cursor.bars = 0;
  if (takeSign(cursor, '}')) return { kind: 'sequence', open: '{', close: '}', items: [] };
  const inside = readList(cursor, '', '');
  cursor.bars = bars;
  expectSign(cursor, '}');
  return inside;
}

function readSet(cursor: Cursor): Node {
  cursor.at += 1;
  const bars = cursor.bars;
  cursor.bars = 1;
  if (
    peek(cursor)?.type === 'letter' &&
    (peek(cursor, 1)?.value === ':' || peek(cursor, 1)?.value === 'colon')
  ) {
    const label: Node = { kind: 'symbol', name: peek(cursor)!.value };
    cursor.at += 1;
    cursor.bars = 0;
    return readBuilder(cursor, label);
  }
  const list = readList(cursor, '{', '}');
  cursor.bars = bars;
  if (
    list.kind === 'sequence' &&
    list.items.length === 1 &&
    (atSign(cursor, '|') || atCommand(cursor, 'mid'))
  ) {
    return readBuilder(cursor, list.items[0]);
  }
  closeSet(cursor);
  const only = list.kind === 'sequence' && list.items.length === 1 ? list.items[0] : null;
  if (only?.kind === 'ratio' && only.parts.length === 2)
    throw new UnreadableError('a set described in words');
  return list;
}

/** `\{x | 1 < x < 2\}` is what its conditions say. */
function readBuilder(cursor: Cursor, label: Node): Node {
  cursor.at += 1;
  const conditions = readList(cursor, '', '');
  closeSet(cursor);
  if (label.kind !== 'symbol' && label.kind !== 'member')
    throw new UnreadableError('a set described in words');
  return { kind: 'member', label: { kind: 'symbol', name: '\\builder' }, set: conditions, negated: false };
}

function closeSet(cursor: Cursor): void {
  if (!takeSign(cursor, '\\}') && !takeCommandBrace(cursor)) expectSign(cursor, '}');
}

function takeCommandBrace(cursor: Cursor): boolean {
  if (!atCommand(cursor, 'rbrace')) return false;
  cursor.at += 1;
  return true;
}

function readBars(cursor: Cursor): Node {
  const sign = peek(cursor)!.value;
  cursor.at += 1;
  cursor.bars += 1;
  const inside = readRelationOrSum(cursor);
  cursor.bars -= 1;
  expectSign(cursor, sign);
  return { kind: 'absolute', arg: inside };
}

const readRelationOrSum = (cursor: Cursor): Node =>
  atSign(cursor, '(') ? readRelation(cursor) : readSum(cursor);
