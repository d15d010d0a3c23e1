import { atSign, type Cursor, expectSign, nested, peek, takeSign, UnreadableError } from './cursor.js';
import { FUNCTIONS, GREEK } from './names.js';
import type { Node } from './node.js';
import { readFunction } from './read-function.js';
import { readList } from './read-list.js';
import { braced, type Token } from './tokens.js';

/** A longer run of letters is no product. */
const MAX_LETTERS = 40;
const FUNCTION_LETTERS = new Set(['f', 'g', 'h', 'F', 'G', 'H']);
const CONSTANTS: Readonly<Record<string, Node>> = {
  e: { kind: 'constant', name: 'e' },
  i: { kind: 'constant', name: 'i' },
  pi: { kind: 'constant', name: 'pi' },
  infinity: { kind: 'constant', name: 'infinity' },
  inf: { kind: 'constant', name: 'infinity' },
  infty: { kind: 'constant', name: 'infinity' },
  oo: { kind: 'constant', name: 'infinity' },
};

/** The constant or symbol of that name. */
const named = (name: string): Node =>
  Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : { kind: 'symbol', name };

/** Reads a letter: a symbol with its index and primes, or the call of a function (`f(x)`, `W(n) = …`). */
export function readCallOrSymbol(cursor: Cursor): Node {
  const token = peek(cursor)!;
  cursor.at += 1;
  return finishName(cursor, token.value.replace('\\', ''));
}

/** Takes the index and primes of a name just read and decides between symbol and call. */
export function finishName(cursor: Cursor, letter: string): Node {
  let name = letter;
  let index: Node | null = null;
  for (;;) {
    if (takeSign(cursor, "'")) name += "'";
    else if (atSign(cursor, '_')) {
      cursor.at += 1;
      const written = readIndex(cursor);
      if (typeof written === 'string') name += `_${written}`;
      else index = written;
    } else break;
  }
  if (FUNCTION_LETTERS.has(letter) && takeInverse(cursor)) name += '^-1';
  if (index) return { kind: 'call', name: `${name}_`, args: [index], known: false };
  if (atSign(cursor, '(') && (FUNCTION_LETTERS.has(letter) || isLabel(cursor))) {
    cursor.at += 1;
    const inside = nested(cursor, () => readList(cursor, '(', ')'));
    expectSign(cursor, ')');
    const args = inside.kind === 'sequence' ? inside.items : [inside];
    return { kind: 'call', name, args, known: false };
  }
  return named(name);
}

/** Steps over the `^{-1}` of `f^{-1}(x)`. */
function takeInverse(cursor: Cursor): boolean {
  const start = cursor.at;
  if (takeSign(cursor, '^')) {
    const group = takeSign(cursor, '{');
    const inverse = takeSign(cursor, '-') && peek(cursor)?.value === '1';
    cursor.at += 1;
    if (inverse && (!group || takeSign(cursor, '}')) && atSign(cursor, '(')) return true;
  }
  cursor.at = start;
  return false;
}

/** A plain index becomes part of the name; one with letters to compute with (`F_{n-k-1}`) stays an argument. */
function readIndex(cursor: Cursor): string | Node {
  const token = peek(cursor);
  if (!token) return '';
  if (token.type === 'text') {
    cursor.at += 1;
    return token.value.replace(/\s+/g, '');
  }
  const group = token.value === '{' ? braced(cursor.source, token.from) : null;
  if (
    group &&
    /^[\sA-Z\d,\\a-z{}*+-]*$/.test(group.inside) &&
    !/[a-z]\s*[+-]|[+-]\s*[a-z]|^\s*[a-z]\s*$/.test(group.inside)
  ) {
    while (peek(cursor) && peek(cursor)!.from < group.end) cursor.at += 1;
    return group.inside.replace(/[\s{}\\]+/g, '');
  }
  if (group) {
    cursor.at += 1;
    const inside = nested(cursor, () => readList(cursor, '', ''));
    expectSign(cursor, '}');
    return inside;
  }
  cursor.at += 1;
  if (token.type === 'letter' && /^[a-z]$/.test(token.value)) return { kind: 'symbol', name: token.value };
  return token.value;
}

/** Whether `P(…)` stands alone on the left of an equals sign, and so names a value. */
function isLabel(cursor: Cursor): boolean {
  let depth = 0;
  for (let index = cursor.at; index < Math.min(cursor.tokens.length, cursor.at + 40); index += 1) {
    const value = cursor.tokens[index].value;
    if (value === '(') depth += 1;
    if (value === ')') depth -= 1;
    if (depth === 0) return cursor.tokens[index + 1]?.value === '=' && startsItem(cursor);
  }
  return false;
}

function startsItem(cursor: Cursor): boolean {
  const before = peek(cursor, -2);
  return !before || [',', ';', '=', 'and', 'or', '{'].includes(before.value.trim()) || before.type === 'text';
}

/** Reads a run of letters: a function or constant by name, else a product of its letters, remembered as a word. */
export function readWord(cursor: Cursor): Node {
  const token = peek(cursor)!;
  const word = token.value;
  const lower = word.toLowerCase();
  if (FUNCTIONS.has(lower)) {
    cursor.at += 1;
    return readFunction(cursor, lower);
  }
  cursor.at += 1;
  if (word !== 'I' && Object.hasOwn(CONSTANTS, lower) && word.length > 1) return CONSTANTS[lower];
  if (GREEK.has(lower)) return finishName(cursor, lower);
  if (lower === 'undefined' || lower === 'none') return { kind: 'text', text: word };
  if (word.length > MAX_LETTERS || (word.length >= 3 && isUnknownWord(peek(cursor))))
    throw new UnreadableError('prose');
  const letters = [...word];
  const last = finishName(cursor, letters.pop()!);
  return { kind: 'multiply', args: [...letters.map(named), last], word };
}

/** Two unknown words side by side are prose, not a product. */
const isUnknownWord = (token: Token | undefined): boolean =>
  token?.type === 'word' && token.spaced && !FUNCTIONS.has(token.value) && !/^(?:and|or)$/i.test(token.value);
