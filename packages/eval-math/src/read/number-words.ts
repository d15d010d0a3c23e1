import { whole } from '../value/rational.js';
import type { Node } from './node.js';

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** Reads a number written in words, below a hundred (`twelve`, `\text{twenty-one}`), else `null`. */
export function readNumberWord(source: string): Node | null {
  if (source.length > 60) return null;
  const words = source
    .replace(/\\(?:text|textbf|mathrm|mbox)\s*\{([^{}]*)\}/g, '$1')
    .trim()
    .toLowerCase()
    .split(/[\s-]+/);
  const value =
    words.length === 1 ? oneWord(words[0]) : words.length === 2 ? twoWords(words[0], words[1]) : -1;
  return value < 0 ? null : { kind: 'number', value: whole(value), decimal: false };
}

function oneWord(word: string): number {
  const tens = TENS.indexOf(word);
  return tens >= 0 ? 20 + 10 * tens : SMALL.indexOf(word);
}

function twoWords(first: string, second: string): number {
  const [tens, ones] = [TENS.indexOf(first), SMALL.indexOf(second)];
  return tens >= 0 && ones >= 1 && ones <= 9 ? 20 + 10 * tens + ones : -1;
}
