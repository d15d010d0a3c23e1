import { FUNCTIONS, GREEK } from './names.js';
import type { Token } from './tokens.js';
import { findUnit } from './units.js';

const BINDS_LAST_LETTER = new Set(['^', '_', "'", '!']);
const NAMED_FIRST = /^(pi|sin|cos|tan|ln|log|exp|sqrt)([a-z]{1,2}|[A-Z])$/;

/** Parts runs of letters where LaTeX binds one letter only: `ab^2` is a·b², `e^xe^y` is eˣ·eʸ, `xf(x)` is x·f(x). */
export function splitWords(tokens: Token[]): Token[] {
  const parted: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'word' || isKnown(token.value)) parted.push(token);
    else parted.push(...split(token, tokens[index - 1], tokens[index + 1]));
  }
  return parted;
}

function isKnown(word: string): boolean {
  const lower = word.toLowerCase();
  return (
    FUNCTIONS.has(lower) ||
    GREEK.has(lower) ||
    findUnit(word) !== undefined ||
    /^(?:pi|and|or|union|inf|infty|infinity|oo|percent)$/.test(lower)
  );
}

function split(token: Token, before: Token | undefined, after: Token | undefined): Token[] {
  const raised = before?.type === 'sign' && (before.value === '^' || before.value === '_') && !token.spaced;
  if (raised) return [piece(token, 0, 1), ...split(piece(token, 1, token.value.length), undefined, after)];
  const named = NAMED_FIRST.exec(token.value);
  if (named && (named[1] === 'pi' || /^[xytA-Z]$/.test(named[2]))) {
    return [
      piece(token, 0, named[1].length),
      ...split(piece(token, named[1].length, token.value.length), undefined, after),
    ];
  }
  const last = token.value.length - 1;
  const binds =
    after?.type === 'sign' &&
    !after.spaced &&
    (BINDS_LAST_LETTER.has(after.value) || (after.value === '(' && /[fgh]$/i.test(token.value)));
  return binds && last > 0 ? [piece(token, 0, last), piece(token, last, last + 1)] : [token];
}

function piece(token: Token, start: number, end: number): Token {
  return {
    type: end - start === 1 ? 'letter' : 'word',
    value: token.value.slice(start, end),
    spaced: token.spaced && start === 0,
    from: token.from + start,
    to: token.from + end,
  };
}
