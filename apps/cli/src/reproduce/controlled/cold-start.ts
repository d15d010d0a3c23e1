import type { PretrainingDocument, ThoughtExample, ThoughtFormat } from '@midtrain/core';
import { type RandomSource, uniformInt } from '@midtrain/curriculum';
import { lookUp } from './look-up.js';
import { type StudyDocument, wordsOf } from './study-document.js';
import { AGAIN, END, NAMES, wordId } from './vocabulary.js';

/** How the cold start's examples are made. */
export interface StudyColdStartOptions {
  readonly format: ThoughtFormat;
  /** Share of the documents that carry examples, 0..1. */
  readonly share: number;
  /** Examples of each such document. */
  readonly perDocument: number;
  /** Share of them before a value that is asked for; the others are anywhere in the worked part. */
  readonly atValues: number;
  /** Budgets named in the examples, drawn uniformly: the base learns to read them, not to keep to them. */
  readonly budgets: readonly [from: number, to: number];
  /** Share of attempts that look up a wrong name on the way. */
  readonly wrong: number;
  /** Share of thoughts with a first attempt that make a second, of these that make a third, and so on: the base overthinks. */
  readonly again: readonly number[];
  readonly random: RandomSource;
}

/** The way to a value with one name on it taken for another, if it has a name on it. */
function astray(path: readonly string[], random: RandomSource): string[] {
  if (path.length < 2) return [...path];
  const at = uniformInt(path.length - 1, random);
  return path.map((word, i) => (i === at ? NAMES[uniformInt(NAMES.length, random)] : word));
}

/**
 * Documents that show what a thought looks like, as the quickstart's cold start does for GSM8K. Before a value the
 * thought is the lookups that lead to it; elsewhere it is a draft of the next token. Some attempts go astray, and many
 * are followed by further ones, whatever budget was named: the base can think, and overthinks.
 */
export function studyColdStart(
  documents: readonly StudyDocument[],
  options: StudyColdStartOptions,
): PretrainingDocument[] {
  const { format, share, perDocument, atValues, budgets, wrong, again, random } = options;
  return documents.map((document) => {
    if (random.next() >= share) return document;
    const { tokenIds, firstCandidate } = document;
    const words = wordsOf(document);
    const paths = lookUp(document);
    const values = [...paths.keys()];
    const thoughts = Array.from({ length: perDocument }, (): ThoughtExample => {
      const position =
        random.next() < atValues
          ? values[uniformInt(values.length, random)]
          : firstCandidate + uniformInt(tokenIds.length - firstCandidate - 1, random);
      const path = paths.get(position);
      const attempt = () => {
        if (path === undefined) return [words[position]];
        return [words[position - 2], ...(random.next() < wrong ? astray(path, random) : path)];
      };
      const thought = [...attempt()];
      for (const more of again) {
        if (random.next() >= more) break;
        thought.push(AGAIN, ...attempt());
      }
      return {
        position,
        instruction: format.instruction(budgets[0] + uniformInt(budgets[1] - budgets[0] + 1, random)),
        // The end mark lets a question's answer end there; mid-training reads no further than the prediction.
        tokenIds: [...thought.map(wordId), format.endOfThought, tokenIds[position], wordId(END)],
      };
    });
    return { ...document, thoughts };
  });
}
