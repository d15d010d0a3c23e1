import type { Node } from '../read/node.js';

const SMALL_WORDS = new Set(['a', 'an', 'the']);

/** A text without LaTeX, punctuation, articles and case, for comparing words. */
export function plainWords(text: string): string {
  return text
    .replace(/\\(?:text|textbf|textit|textrm|mathrm|mathbf|mbox|boxed|emph|operatorname|mathit)\b/g, '')
    .replace(/\\[,;:! ]|~|\\quad/g, ' ')
    .replace(/\\[a-zA-Z]+/g, (command) => ` ${command.slice(1)} `)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s+=<>/*^%-]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !SMALL_WORDS.has(word))
    .join(' ');
}

/** The letters alone, for comparing `$odd$` with `\text{odd}`. */
export const lettersOnly = (text: string): string => plainWords(text).replace(/\s+/g, '');

/** Whether case tells two runs of letters apart: `ABC` and `abc` may be other things, `Yes` and `yes` or long words are not. */
export const sameCase = (left: string, right: string): boolean =>
  left === right ||
  left.length > 4 ||
  (left.slice(1) === right.slice(1) && left.slice(1) === left.slice(1).toLowerCase());

const CHOICE = /^[([]?\s*([A-Z])\s*[)\].:]?$/i;

/** The letter of a multiple-choice answer such as `C`, `(C)`, `\text{(C)}`, `C.`, else `null`. Always upper case. */
export function choiceLetter(text: string): string | null {
  const bare = text
    .replace(/\\(?:text|textbf|textit|textrm|mathrm|mathbf|mbox|rm|bf|boxed)\b/g, '')
    .replace(/[{}$*]|\\[,;:! ]|~/g, ' ')
    .replace(/\b(?:option|choice)\b/i, ' ');
  return CHOICE.exec(bare.trim())?.[1].toUpperCase() ?? null;
}

/** A choice letter that is followed by the answer itself: `\textbf{(B)}\ 12`, `C) 5`. */
export function leadingChoice(text: string): { letter: string; rest: string } | null {
  const match =
    /^\s*(?:\$\s*)?(?:\\(?:text|textbf|mathrm|mathbf|textrm)\s*\{\s*)?\(?([A-J])\s*[).:](?:\s*\})?(?:\\[,;:! ]|\s|~|\\quad|\\qquad)*(\S[\s\S]*)$/.exec(
      text,
    );
  return match ? { letter: match[1], rest: match[2] } : null;
}

/** The word that a tree spells, if it is nothing but letters side by side: `$odd$` is read as o·d·d. */
export function spelledWord(node: Node): string | null {
  if (node.kind === 'text') return node.text.trim();
  if (node.kind === 'symbol') return /^[a-zA-Z]+$/.test(node.name) ? node.name : null;
  if (node.kind === 'constant') return node.name === 'e' || node.name === 'i' ? node.name : null;
  if (node.kind !== 'multiply') return null;
  const letters = node.args.map(spelledWord);
  return letters.every((letter) => letter !== null) ? letters.join('') : null;
}

/** Whether the tree is one written word of three letters or more, which is compared as text before anything else. */
export const isWord = (node: Node): boolean =>
  node.kind === 'text' || (node.kind === 'multiply' && (node.word?.length ?? 0) >= 3);
