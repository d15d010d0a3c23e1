import { TooLargeError } from '../value/rational.js';
import { type Cursor, UnreadableError } from './cursor.js';
import type { Node } from './node.js';
import { normaliseLatex } from './normalise.js';
import { readNumberWord } from './number-words.js';
import { prepareNumbers } from './prepare-numbers.js';
import { readList } from './read-list.js';
import { readClockOrDate } from './read-time.js';
import { splitWords } from './split-words.js';
import { type Token, tokenise } from './tokens.js';

/** Longer texts than this are not read as mathematics, only compared as text. */
const MAX_LENGTH = 10_000;

/** How the text was found: between LaTeX delimiters, or as plain characters. */
export type Notation = 'latex' | 'plain';

/**
 * Reads one answer as mathematics. Bounded: at most {@link MAX_LENGTH} characters, 2,000 tokens and 60 levels.
 *
 * @param commas - whether a comma between digits may belong to a number (`1,234`, plain `1,50`) or always parts a list
 * @returns the tree, or `null` where the text is no mathematics this package knows
 */
export function readMath(
  source: string,
  notation: Notation,
  commas: 'number' | 'list' = 'number',
): Node | null {
  if (source.length > MAX_LENGTH) return null;
  const time = readClockOrDate(source);
  if (time) return time;
  const counted = readNumberWord(source);
  if (counted) return counted;
  const text = prepareNumbers(
    normaliseLatex(trimPunctuation(source)),
    commas === 'list' ? 'latex' : notation,
  );
  const tokens = tokenise(text);
  if (!tokens || tokens.length === 0) return null;
  const cursor: Cursor = {
    tokens: splitWords(commas === 'list' ? tokens : joinThousands(tokens)),
    source: text,
    at: 0,
    depth: 0,
    bars: 0,
  };
  try {
    const node = readList(cursor, '', '');
    return cursor.at === cursor.tokens.length ? node : null;
  } catch (error) {
    if (error instanceof UnreadableError || error instanceof TooLargeError) return null;
    throw error;
  }
}

/** Without the punctuation of the sentence around it; a leading point may be a decimal's, trailing points an ellipsis. */
function trimPunctuation(source: string): string {
  const text = source.trim().replace(/^(?:[,;:\s]|\.(?!\d|\\(?:overline|bar|dot)|\())+/, '');
  let end = text.length;
  while (end > 0 && ' .,;:?\n\t'.includes(text[end - 1])) end -= 1;
  return text.startsWith('...', end) ? `${text.slice(0, end)}\\ldots` : text.slice(0, end);
}

/** `1,234,567` outside brackets is one number; inside brackets its commas part the entries. */
function joinThousands(tokens: Token[]): Token[] {
  const joined: Token[] = [];
  let depth = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (['(', '[', '\\{'].includes(token.value)) depth += 1;
    if ([')', ']', '\\}'].includes(token.value)) depth -= 1;
    const previous = joined.at(-1);
    const group = tokens[index + 1];
    if (
      depth <= 0 &&
      token.value === ',' &&
      !token.spaced &&
      previous?.type === 'number' &&
      group?.type === 'number' &&
      !group.spaced &&
      /^[1-9]\d{0,2}(?:\d{3})*$/.test(previous.value) &&
      /^\d{3}(?:\.\d+)?$/.test(group.value) &&
      startsGroup(previous)
    ) {
      joined[joined.length - 1] = { ...previous, value: previous.value + group.value, to: group.to };
      index += 1;
    } else joined.push(token);
  }
  return joined;
}

/** A number of four digits or more cannot be the head of a grouped one unless it was joined already. */
const startsGroup = (token: Token): boolean =>
  token.value.length <= 3 || token.to - token.from > token.value.length;
