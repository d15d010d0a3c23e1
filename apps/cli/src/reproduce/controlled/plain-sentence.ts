import { type RandomSource, uniformInt } from '@midtrain/curriculum';
import { LINE_END, SENTENCE, SENTENCE_END } from './vocabulary.js';

/**
 * A line of plain words, which tells nothing about the chains: at each place the usual word, or with probability
 * `noise` any word of that place. So its entropy is known, and cannot be thought away.
 */
export function plainSentence(noise: number, random: RandomSource): string[] {
  const words = SENTENCE.map((choices) =>
    random.next() < noise ? choices[uniformInt(choices.length, random)] : choices[0],
  );
  return [...words, SENTENCE_END, LINE_END];
}
