import type { StudyDocument } from './study-document.js';
import { wordsOf } from './study-document.js';
import { ASKS, RULE } from './vocabulary.js';

/**
 * The reference solver: reads nothing but the tokens, and finds at each position where a value is asked for the words
 * met on the way to it, one lookup after the other; the last is the value.
 */
export function lookUp(document: Pick<StudyDocument, 'tokenIds'>): Map<number, readonly string[]> {
  const words = wordsOf(document);
  const rule = words.indexOf(RULE);
  const targets = new Map<string, string>();
  for (const word of words.slice(0, rule)) {
    const [, name, target] = /^(.)>(.)\n$/.exec(word) ?? [];
    if (name !== undefined) targets.set(name, target);
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
