import { seededRandom } from '@midtrain/curriculum';
import { describe, expect, test } from 'vitest';
import { studyColdStart } from './cold-start.js';
import { controlledCorpus } from './controlled-corpus.js';
import { lookUp } from './look-up.js';
import { wordsOf } from './study-document.js';
import { AGAIN, END, NAMES, WORDS, wordId } from './vocabulary.js';

const END_OF_THOUGHT = wordId('</think>');
const format = { instruction: (budget: number) => [budget], endOfThought: END_OF_THOUGHT };
const { train } = controlledCorpus({
  documents: { base: 0, train: 1000, validation: 0, test: 0 },
  questions: { train: 0, test: 0 },
});
const options = {
  format,
  share: 1,
  perDocument: 4,
  atValues: 0.7,
  budgets: [3, 9],
  wrong: 0.2,
  again: [0.8, 0.4],
} as const;

describe('studyColdStart', () => {
  test('shows the lookups before a value, some of them wrong and many repeated, whatever budget is named', () => {
    const documents = studyColdStart(train, { ...options, random: seededRandom(1, 'test') });
    let attempts = 0;
    let wrong = 0;
    let atValues = 0;
    let second = 0;
    let third = 0;
    documents.forEach(({ tokenIds, firstCandidate = 0, thoughts = [] }) => {
      const paths = lookUp({ tokenIds });
      expect(thoughts).toHaveLength(options.perDocument);
      for (const { position, instruction, tokenIds: branch } of thoughts) {
        expect(position).toBeGreaterThanOrEqual(firstCandidate);
        expect(instruction[0]).toBeGreaterThanOrEqual(3);
        expect(instruction[0]).toBeLessThanOrEqual(9);
        expect(branch.slice(-3)).toEqual([END_OF_THOUGHT, tokenIds[position], wordId(END)]);
        const path = paths.get(position);
        const words = wordsOf({ tokenIds });
        const expected = path ? [words[position - 2], ...path] : [words[position]];
        atValues += Number(path !== undefined);
        const thought = branch.slice(0, -3).map((id) => WORDS[id]);
        const parts = thought.join(',').split(`,${AGAIN},`);
        second += Number(parts.length >= 2);
        third += Number(parts.length === 3);
        for (const part of parts) {
          expect(part.split(',')).toHaveLength(expected.length);
          if (expected.length < 3) continue;
          attempts += 1;
          wrong += Number(part !== expected.join(','));
        }
      }
    });
    const count = train.length * options.perDocument;
    const near = (found: number, share: number, of: number) =>
      // Four deviations of a binomial.
      expect(Math.abs(found / of - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / of));
    near(second, options.again[0], count);
    near(third, options.again[1], second);
    // Some of the others are before values by chance.
    expect(atValues / count).toBeGreaterThan(options.atValues);
    // One of the names drawn for a wrong one is the right one.
    near(wrong, options.wrong * (1 - 1 / NAMES.length), attempts);
  });

  test('gives thoughts to a share of the documents', () => {
    const share = 0.3;
    const documents = studyColdStart(train, { ...options, share, random: seededRandom(2, 'test') });
    const withThoughts = documents.filter(({ thoughts }) => thoughts !== undefined).length;
    expect(Math.abs(withThoughts - 300)).toBeLessThan(4 * Math.sqrt(1000 * share * (1 - share)));
  });
});
