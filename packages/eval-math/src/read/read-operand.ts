import { parseDecimal, rational, whole } from '../value/rational.js';
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
import { COMMAND_OPERANDS, FUNCTIONS, GREEK } from './names.js';
import type { Node } from './node.js';
import { readBracketed } from './read-brackets.js';
import { readCommand } from './read-command.js';
import { isClosingSquare, readList } from './read-list.js';
import { readCallOrSymbol, readWord } from './read-name.js';

/** Whether the next token can begin an operand, so that two operands side by side are a product. */
export function startsOperand(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (!token) return false;
  if (token.type === 'number' || token.type === 'letter') return !isUnionLetter(cursor);
  if (token.type === 'word') return !/^(?:and|or|union)$/i.test(token.value);
  if (token.type === 'sign')
    return (
      (['(', '[', '{', '\\{'].includes(token.value) && !isClosingSquare(cursor)) ||
      (token.value === '|' && cursor.bars === 0)
    );
  return token.type === 'command' && COMMAND_OPERANDS.has(token.value);
}

function isUnionLetter(cursor: Cursor): boolean {
  const [before, token, after] = [peek(cursor, -1), peek(cursor)!, peek(cursor, 1)];
  return (
    token.value === 'U' &&
    [')', ']', '\\}'].includes(before?.value ?? '') &&
    ['(', '[', '\\{', '{'].includes(after?.value ?? '')
  );
}

/** Reads an operand with what is written after it: powers, factorials, percent and degree signs, indices. */
export const readPostfix = (cursor: Cursor): Node => withPostfix(cursor, readOperand(cursor));

/** The node with the signs that follow it: `!`, `%`, `°`, powers and bases. */
export function withPostfix(cursor: Cursor, operand: Node): Node {
  let node = operand;
  for (;;) {
    const token = peek(cursor);
    if (token?.type === 'sign' && token.value === '!') {
      cursor.at += 1;
      const double = takeSign(cursor, '!');
      node = { kind: 'call', name: double ? 'doubleFactorial' : 'factorial', args: [node], known: true };
    } else if (takeSign(cursor, '%')) {
      node = { kind: 'percent', arg: node };
      if (takeSign(cursor, '/')) node = { kind: 'divide', top: node, bottom: readOperand(cursor) };
    } else if (takeSign(cursor, '°') || atCommand(cursor, 'degree', 'circ', 'textdegree')) {
      if (atCommand(cursor, 'degree', 'circ', 'textdegree')) cursor.at += 1;
      node = { kind: 'degrees', arg: node };
    } else if (takeSign(cursor, '^') || takeSign(cursor, '**')) node = readPower(cursor, node);
    else if (atSign(cursor, '_') && (node.kind === 'number' || node.kind === 'sequence'))
      node = readBase(cursor);
    else return node;
  }
}

function readPower(cursor: Cursor, base: Node): Node {
  const start = cursor.at;
  const braced = takeSign(cursor, '{');
  if (atCommand(cursor, 'circ', 'degree') || atSign(cursor, '°')) {
    cursor.at += 1;
    if (braced) expectSign(cursor, '}');
    return { kind: 'degrees', arg: base };
  }
  cursor.at = start;
  const exponent = readScript(cursor);
  return { kind: 'power', base, exponent };
}

/** An exponent or index: a group, or one signed operand (`x^-2`, `x^10`). */
export function readScript(cursor: Cursor): Node {
  if (takeSign(cursor, '-')) return { kind: 'negate', arg: readScript(cursor) };
  if (takeSign(cursor, '+')) return readScript(cursor);
  if (atSign(cursor, "'") || atSign(cursor, '*')) {
    cursor.at += 1;
    return { kind: 'symbol', name: 'mark' };
  }
  return nested(cursor, () => {
    const operand = readOperand(cursor);
    return takeSign(cursor, '^') ? { kind: 'power', base: operand, exponent: readScript(cursor) } : operand;
  });
}

/** `204_5`, `1A_{16}`: digits in a base. */
function readBase(cursor: Cursor): Node {
  const index = cursor.at;
  expectSign(cursor, '_');
  const script = readScript(cursor);
  const base = baseOf(script);
  const written = cursor.tokens[index - 1];
  return basedNumber(written.type === 'number' ? written.value : bracketedDigits(cursor, index), base);
}

const BASE_WORDS: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  sixteen: 16,
};

function baseOf(script: Node): number {
  if (script.kind === 'number' && script.value.bottom === 1n) return Number(script.value.top);
  const word = script.kind === 'text' ? script.text.toLowerCase().replace(/^\s*base\s*|\s/g, '') : '';
  return Object.hasOwn(BASE_WORDS, word) ? BASE_WORDS[word] : Number(word);
}

/** `(204)_5`: the one number in the brackets before the index. */
function bracketedDigits(cursor: Cursor, index: number): string {
  const [open, digits, close] = cursor.tokens.slice(Math.max(0, index - 3), index);
  return open?.value === '(' && digits?.type === 'number' && close?.value === ')' ? digits.value : '';
}

/** The value of `digits` written in `base`; throws {@link UnreadableError} where a digit does not fit the base. */
function basedNumber(digits: string, base: number): Node {
  if (!/^[0-9a-zA-Z]{1,400}(?:\.[0-9a-zA-Z]{1,100})?$/.test(digits) || base < 2 || base > 36)
    throw new UnreadableError('no such base');
  const [left, right = ''] = digits.toLowerCase().split('.');
  let top = 0n;
  for (const sign of left + right) {
    const digit = Number.parseInt(sign, 36);
    if (!(digit < base)) throw new UnreadableError('digit outside its base');
    top = top * BigInt(base) + BigInt(digit);
  }
  return {
    kind: 'based',
    digits: digits.toLowerCase(),
    base,
    value: rational(top, BigInt(base) ** BigInt(right.length))!,
  };
}

/** Reads one operand: a number, a name, a command, or something in brackets. */
export function readOperand(cursor: Cursor): Node {
  const token = peek(cursor);
  if (!token) throw new UnreadableError('ends too early');
  if (token.type === 'number') {
    cursor.at += 1;
    const prefixed = /^0([xb])(\w+)$/i.exec(token.value);
    if (prefixed) return basedNumber(prefixed[2], prefixed[1].toLowerCase() === 'x' ? 16 : 2);
    if (/[a-df]/i.test(token.value)) return readBase(cursor);
    const value = parseDecimal(token.value);
    if (!value) throw new UnreadableError('no number');
    return { kind: 'number', value, decimal: /[.eE]/.test(token.value) };
  }
  if (token.type === 'letter') return readCallOrSymbol(cursor);
  if (token.type === 'word') return readWord(cursor);
  if (token.type === 'command') return readCommand(cursor);
  if (token.type === 'text') {
    cursor.at += 1;
    return { kind: 'text', text: token.value };
  }
  return readBracketed(cursor);
}

/** Parts a run of letters behind a command that takes one of them: `\sqrt ab` is √a·b, `\frac ab` is a over b. */
export function partLetters(cursor: Cursor): void {
  const token = peek(cursor);
  if (token?.type !== 'word' || FUNCTIONS.has(token.value) || GREEK.has(token.value) || token.value === 'pi')
    return;
  const rest = token.value.slice(1);
  cursor.tokens.splice(
    cursor.at,
    1,
    { ...token, type: 'letter', value: token.value[0], to: token.from + 1 },
    {
      ...token,
      type: rest.length === 1 ? 'letter' : 'word',
      value: rest,
      from: token.from + 1,
      spaced: false,
    },
  );
}

/**
 * The argument of a command: a group, or the one token that follows (`\sqrt3`); with `oneSign` no more than one digit or
 * letter of it (`\frac12`, `\frac ab`).
 */
export function readArgument(cursor: Cursor, oneSign = false): Node {
  if (oneSign) partLetters(cursor);
  const token = peek(cursor);
  if (!token) throw new UnreadableError('a missing argument');
  if (takeSign(cursor, '{')) {
    const inside = nested(cursor, () => readList(cursor, '', ''));
    expectSign(cursor, '}');
    return inside;
  }
  if (oneSign && token.type === 'number' && /^\d{2,}$/.test(token.value)) {
    cursor.tokens.splice(
      cursor.at,
      1,
      { ...token, value: token.value[0], to: token.from + 1 },
      { ...token, value: token.value.slice(1), from: token.from + 1, spaced: false },
    );
    cursor.at += 1;
    return { kind: 'number', value: whole(Number(token.value[0])), decimal: false };
  }
  if (takeSign(cursor, '-')) return { kind: 'negate', arg: readArgument(cursor, oneSign) };
  return nested(cursor, () => readOperand(cursor));
}
