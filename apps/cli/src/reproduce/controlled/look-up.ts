import type { StudyDocument } from './study-document.js';
import { wordsOf } from './study-document.js';
import { ASKS, HEADS, LINE_END, NAMES, RULE } from './vocabulary.js';

const isName = (word: string): boolean => HEADS.includes(word) || NAMES.includes(word);

/**
 * The reference solver: reads nothing but the tokens, and finds at each position where a value is asked for the words
 * met on the way to it, one lookup after the other; the last is the value.
 */
export function lookUp(document: Pick<StudyDocument, 'tokenIds'>): Map<number, readonly string[]> {
  const words = wordsOf(document);
  const rule = words.indexOf(RULE);
  const targets = new Map<string, string>();
  for (let i = 0; i + 2 < rule; i++) {
    if (isName(words[i]) && words[i + 2] === LINE_END) targets.set(words[i], words[i + 1]);
  }
  const found = new Map<number, readonly string[]>();
  for (let i = rule + 1; i < words.length; i++) {
    if (words[i] !== ASKS) continue;
    const path: string[] = [];
    let target = targets.get(words[i - 1]);
    while (target !== undefined) {
      path.push(target);
      target = targets.get(target);
    }
    found.set(i + 1, path);
  }
  return found;
}
