import { checkTime } from '../value/deadline.js';
import type { Token } from './tokens.js';

/** Where the reader stands in the tokens of one answer. */
export interface Cursor {
  readonly tokens: Token[];
  readonly source: string;
  at: number;
  /** How deep in groups and brackets the reader is; bounded by {@link MAX_DEPTH}. */
  depth: number;
  /** How many `|` are open, since the same sign closes them. */
  bars: number;
}

/** Answers nested deeper than this are not read as mathematics. */
const MAX_DEPTH = 60;

/** Thrown inside the reader where the text is no mathematics it knows; never leaves the package. */
export class UnreadableError extends Error {}

export const peek = (cursor: Cursor, ahead = 0): Token | undefined => cursor.tokens[cursor.at + ahead];

/** Whether the next token is that sign. */
export const atSign = (cursor: Cursor, value: string): boolean => {
  const token = peek(cursor);
  return token?.type === 'sign' && token.value === value;
};

/** Whether the next token is that command. */
export const atCommand = (cursor: Cursor, ...names: string[]): boolean => {
  const token = peek(cursor);
  return token?.type === 'command' && names.includes(token.value);
};

/** Steps over the sign if it is next. */
export function takeSign(cursor: Cursor, value: string): boolean {
  if (!atSign(cursor, value)) return false;
  cursor.at += 1;
  return true;
}

/** Steps over the sign, which must be next. */
export function expectSign(cursor: Cursor, value: string): void {
  if (!takeSign(cursor, value)) throw new UnreadableError(`expected ${value}`);
}

/** Runs `read` one level deeper. */
export function nested<T>(cursor: Cursor, read: () => T): T {
  checkTime();
  cursor.depth += 1;
  if (cursor.depth > MAX_DEPTH) throw new UnreadableError('nested too deeply');
  const result = read();
  cursor.depth -= 1;
  return result;
}
