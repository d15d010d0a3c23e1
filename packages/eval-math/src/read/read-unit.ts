import { type Cursor, peek } from './cursor.js';
import { FUNCTIONS, GREEK } from './names.js';
import type { Node } from './node.js';
import type { Token } from './tokens.js';
import { findUnit, isPlainUnit, readUnit } from './units.js';

/** Reads the unit that follows a value (`5\text{ cm}^2`, `5 km/h`, `5 apples`), or leaves the cursor where it is. */
export function readUnitTail(cursor: Cursor, value: Node): Node | null {
  if (value.kind === 'quantity' || !isMeasurable(value)) return null;
  const start = cursor.at;
  const first = peek(cursor);
  if (value.kind === 'degrees') return first ? readTemperature(cursor, value.arg, first) : null;
  if (!first || !startsUnit(cursor, first, value)) return null;
  let source = '';
  for (let token: Token | undefined = first; token; token = peek(cursor)) {
    const piece = unitPiece(cursor, token, source);
    if (piece === null) break;
    source += piece;
    cursor.at += 1;
  }
  if (/^\s*(?:percent|percentage|pct)\s*$/i.test(source)) return { kind: 'percent', arg: value };
  const unit = readUnit(source);
  if (!unit) {
    cursor.at = start;
    return null;
  }
  return { kind: 'quantity', arg: value, unit };
}

/** `25^\circ C`, `25°F`: degrees of a temperature. */
function readTemperature(cursor: Cursor, arg: Node, token: Token): Node | null {
  const unit = /^\\?[CF]$|^(?:celsius|fahrenheit)$/i.test(token.value)
    ? findUnit(scaleName(token.value))
    : null;
  if (!unit) return null;
  cursor.at += 1;
  return { kind: 'quantity', arg, unit };
}

const scaleName = (written: string): string => (/^\\?c/i.test(written) ? 'celsius' : 'fahrenheit');

const isMeasurable = (value: Node): boolean =>
  !['text', 'sequence', 'relation', 'member', 'namedSet'].includes(value.kind);

const isJoint = (text: string): boolean => /^[\s,]*(?:(?:and|or)[\s,]*)?$/i.test(text);

function startsUnit(cursor: Cursor, token: Token, value: Node): boolean {
  if (token.type === 'text') return !isJoint(token.value);
  if (token.type === 'word') {
    if (isPlainUnit(token.value) || /^(?:square|sq|cubic|cu|percent|percentage|pct)$/i.test(token.value))
      return true;
    if (token.value === 'in') return token.spaced && value.kind === 'number' && endsAfterUnit(cursor);
    return isNoun(cursor, token) && value.kind === 'number';
  }
  if (token.type !== 'letter') return false;
  if (token.value.startsWith('\\')) return findUnit(token.value.slice(1)) !== undefined;
  return (
    token.spaced && value.kind === 'number' && findUnit(token.value) !== undefined && endsAfterUnit(cursor)
  );
}

/** `12 apples`: nothing but words behind a number counts things. */
function isNoun(cursor: Cursor, token: Token): boolean {
  if (!token.spaced || token.value.length < 4 || FUNCTIONS.has(token.value) || GREEK.has(token.value))
    return false;
  return cursor.tokens
    .slice(cursor.at)
    .every((later) => later.type === 'word' && !/^(?:and|or)$/i.test(later.value));
}

/** A bare letter is a unit only where nothing but its power, "/ unit" or the end follows: `5 m`, `5 m/s`, `5 m^2`. */
function endsAfterUnit(cursor: Cursor): boolean {
  const rest = cursor.tokens
    .slice(cursor.at + 1, cursor.at + 5)
    .map((token) => token.value)
    .join('');
  return /^(?:\^\{?[23]\}?)?(?:\/(?:s|h|min|sec|hr))?(?:\^\{?2\}?)?(?:[.,;]|$|(?:and)?\d+(?:min|sec|in|inches|[a-z]?[ms]$))/.test(
    rest,
  );
}

function unitPiece(cursor: Cursor, token: Token, sofar: string): string | null {
  if (token.type === 'text') return isJoint(token.value) ? null : ` ${token.value} `;
  if (token.type === 'word') {
    if (/^(?:and|or)$/i.test(token.value)) return null;
    return ` ${token.value} `;
  }
  if (token.type === 'letter') return ` ${token.value.replace('\\', '')} `;
  if (token.type === 'number')
    return /\^\s*\{?-?$/.test(sofar) && token.value.length === 1 ? token.value : null;
  if (token.type === 'sign' && token.value === '/') return sofar === '' ? null : '/';
  if (token.type === 'sign' && (token.value === '^' || (sofar.endsWith('^') && token.value === '{')))
    return sofar === '' ? null : token.value;
  if (token.type === 'sign' && token.value === '}' && /\^\{-?\d$/.test(sofar)) return '}';
  if (token.type === 'sign' && token.value === '-' && /\^\{?$/.test(sofar)) return '-';
  if (token.type === 'command' && ['circ', 'degree'].includes(token.value) && cursor.tokens[cursor.at + 1])
    return null;
  return null;
}
