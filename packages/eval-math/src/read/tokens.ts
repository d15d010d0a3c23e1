import { FUNCTIONS } from './names.js';
import { THOUSANDS_MARK } from './normalise.js';

/** One lexical piece of an answer; `spaced` tells whether white space stood before it. */
export interface Token {
  readonly type: 'number' | 'letter' | 'word' | 'command' | 'text' | 'sign';
  /** The digits, the letters, the command without its backslash, the text inside `\text{}`, or the sign itself. */
  readonly value: string;
  readonly spaced: boolean;
  /** Where the token starts and ends in the normalised source. */
  readonly from: number;
  readonly to: number;
}

/** Longer answers than this many tokens are not read as mathematics. */
const MAX_TOKENS = 2_000;

const TEXT_COMMANDS = new Set([
  'text',
  'textbf',
  'textit',
  'textrm',
  'textsf',
  'texttt',
  'textnormal',
  'mbox',
  'hbox',
  'mathrm',
  'mathbf',
  'mathit',
  'mathsf',
  'mathtt',
  'operatorname',
  'emph',
  'textup',
  'bold',
  'bm',
  'mathop',
  'textsc',
  'underline',
  'unit',
  'mathnormal',
]);

const NUMBER =
  /(?:\d+(?:\u2063\d{3})+|\d+)(?:\.\d+(?:\u2063\d{3})*)?(?:[eE][+-]?\d{1,6}(?![\w.]))?|\.\d+(?:[eE][+-]?\d{1,6}(?![\w.]))?/y;
/** `FF_{16}`: digits and letters with a base above ten behind them. */
const LETTERED_DIGITS =
  /(?:0[xX])?(?=[0-9A-Fa-f]{0,40}[A-Fa-f])[0-9A-Fa-f]{2,40}(?=_\{?1[1-6]\}?)|0[xX][0-9A-Fa-f]{1,40}\b|0[bB][01]{1,200}\b/y;
const COMMAND = /\\([a-zA-Z]+)\*?/y;
const SIGNS = /<=|>=|!=|==|=>|\*\*|\\\\|\\[{}|$]|[^\s]/y;
const LETTERS = /[a-zA-Z]+/y;
/** Its second backslash begins no command: `1\\x` is 1 above x. */
const ROW_BREAK = '\\\\';

/** Splits normalised text into tokens, or `null` where there are more than {@link MAX_TOKENS}. Linear in the length. */
export function tokenise(text: string): Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  let spaced = false;
  const push = (type: Token['type'], value: string, to: number): void => {
    tokens.push({ type, value, spaced, from: at, to });
    at = to;
    spaced = false;
  };
  while (at < text.length) {
    if (tokens.length > MAX_TOKENS) return null;
    const sign = text[at];
    if (/\s/.test(sign)) {
      at += 1;
      spaced = true;
      continue;
    }
    const number = matchAt(LETTERED_DIGITS, text, at) ?? matchAt(NUMBER, text, at);
    if (number) {
      push('number', number[0].replaceAll(THOUSANDS_MARK, ''), at + number[0].length);
      continue;
    }
    const command = matchAt(COMMAND, text, at);
    if (command) {
      const end = at + command[0].length;
      const group = TEXT_COMMANDS.has(command[1]) ? braced(text, end) : null;
      if (group) pushStyled(push, command[1], group.inside, group.end);
      else push('command', command[1], end);
      continue;
    }
    const letters = matchAt(LETTERS, text, at);
    if (letters) push(letters[0].length === 1 ? 'letter' : 'word', letters[0], at + letters[0].length);
    else {
      const other = matchAt(SIGNS, text, at)!;
      push('sign', other[0] === ROW_BREAK ? '\\' : other[0], at + other[0].length);
    }
  }
  return tokens;
}

function pushStyled(
  push: (type: Token['type'], value: string, to: number) => void,
  command: string,
  inside: string,
  end: number,
): void {
  const trimmed = inside.trim();
  if (/^[a-zA-Z]$/.test(trimmed) && command !== 'unit') push('letter', styledLetter(command, trimmed), end);
  else if (/^infinity$/i.test(trimmed)) push('command', 'infty', end);
  else if (command === 'operatorname' || (FUNCTIONS.has(trimmed) && trimmed !== 'min'))
    push('command', trimmed.toLowerCase(), end);
  else push('text', inside, end);
}

/** An upright letter after a number is a unit (`5\text{ m}`); elsewhere it is the letter. The mark keeps that open. */
const styledLetter = (command: string, letter: string): string =>
  command === 'text' || command === 'mathrm' || command === 'textrm' || command === 'mbox'
    ? `\\${letter}`
    : letter;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The inside of the brace group that starts at or after `at`, and where it ends. */
export function braced(text: string, at: number): { inside: string; end: number } | null {
  let start = at;
  while (text[start] === ' ') start += 1;
  if (text[start] !== '{') return null;
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '{') depth += 1;
    else if (text[index] === '}') {
      depth -= 1;
      if (depth === 0) return { inside: text.slice(start + 1, index), end: index + 1 };
    }
  }
  return null;
}
