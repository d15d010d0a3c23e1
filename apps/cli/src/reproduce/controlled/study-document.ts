import type { TrainingDocument } from '@midtrain/core';
import { type RandomSource, shuffle, uniformInt } from '@midtrain/curriculum';
import type { ControlledOptions, Range } from './controlled-options.js';
import { plainSentence } from './plain-sentence.js';
import { ASKS, definition, END, HEADS, LINE_END, NAMES, RULE, VALUES, WORDS, wordId } from './vocabulary.js';

/** A document whose later tokens follow from earlier ones, with the truth of how hard each token is. */
export interface StudyDocument extends TrainingDocument {
  /** The document as it is read, without its end mark; the tokenizer makes `tokenIds` of it. */
  readonly text: string;
  /** First token of the worked part; the statement before it is the prompt. */
  readonly firstCandidate: number;
  /** For each token the definitions that have to be looked up, one after the other, to know it; 0 where none has to. */
  readonly hops: readonly number[];
}

const between = ([from, to]: Range, random: RandomSource): number => from + uniformInt(to - from + 1, random);

/** Lookups of a chain: 1, or one of 2..maxHops for a share of them. */
function drawHops({ manySteps, maxHops }: ControlledOptions, random: RandomSource): number {
  return random.next() < manySteps ? 2 + uniformInt(maxHops - 1, random) : 1;
}

/**
 * Chains of references `A>c`, `c>f`, `f>7` in shuffled order between decoys and plain sentences, a rule, then the values of
 * the names asked about in turn: `A?7`.
 */
export function studyDocument(id: string, options: ControlledOptions, random: RandomSource): StudyDocument {
  const { sentences, workedSentences, noise } = options;
  const asked = between(options.asked, random);
  const heads = HEADS.slice(0, asked + between(options.decoys, random));
  const hopsOf = heads.map(() => drawHops(options, random));
  const inner = hopsOf.reduce((sum, hops) => sum + hops - 1, 0);
  // The first names are in nearly every document, the last in few: lookups are learnt from the frequent ones.
  const names = shuffle(NAMES.slice(0, inner), random);
  const lines: string[][] = [];
  const chains = heads.map((head, i) => {
    const hops = hopsOf[i];
    const value = VALUES[uniformInt(VALUES.length, random)];
    const words = [head, ...names.splice(0, hops - 1), value];
    for (let step = 0; step < hops; step++) lines.push([definition(words[step], words[step + 1])]);
    return { head, hops, value };
  });
  for (let i = 0; i < sentences; i++) lines.push(plainSentence(noise, random));
  const statement = shuffle(lines, random).flat();

  const worked = chains.slice(0, asked).map(({ head, hops, value }) => ({
    words: [head, ASKS, value, LINE_END],
    hops: [0, 0, hops, 0],
  }));
  for (let i = 0; i < workedSentences; i++) {
    const words = plainSentence(noise, random);
    worked.splice(uniformInt(worked.length + 1, random), 0, { words, hops: words.map(() => 0) });
  }
  const prompt = [...statement, RULE, LINE_END];
  const words = [...prompt, ...worked.flatMap((line) => line.words)];
  return {
    id,
    text: words.join(''),
    tokenIds: Int32Array.from([...words, END], wordId),
    firstCandidate: prompt.length,
    hops: [...prompt.map(() => 0), ...worked.flatMap((line) => line.hops), 0],
  };
}

/** A document's words, one a token. */
export const wordsOf = ({ tokenIds }: Pick<StudyDocument, 'tokenIds'>): string[] =>
  Array.from(tokenIds, (id) => WORDS[id]);
