import { describe, expect, test } from 'vitest';
import { controlledCorpus } from './controlled-corpus.js';
import { CONTROLLED_DEFAULTS } from './controlled-options.js';
import { lookUp } from './look-up.js';
import { wordsOf } from './study-document.js';
import { HEADS, RULE } from './vocabulary.js';

const small = {
  documents: { base: 300, train: 600, validation: 60, test: 60 },
  questions: { train: 60, test: 60 },
};
const corpus = controlledCorpus(small);
const documents = [...corpus.base, ...corpus.train, ...corpus.validation, ...corpus.test];

describe('controlledCorpus', () => {
  test('has a solver that predicts every value that is asked for, in as many lookups as the document says', () => {
    for (const document of documents) {
      const words = wordsOf(document);
      const paths = lookUp(document);
      expect(words.map((word, i) => paths.get(i)?.at(-1) ?? word)).toEqual(words);
      expect(document.hops).toEqual(words.map((_, i) => paths.get(i)?.length ?? 0));
      const [from, to] = CONTROLLED_DEFAULTS.asked;
      expect(paths.size).toBeGreaterThanOrEqual(from);
      expect(paths.size).toBeLessThanOrEqual(to);
    }
  });

  test('begins the worked part behind the rule', () => {
    for (const document of documents) {
      expect(wordsOf(document).slice(0, document.firstCandidate).slice(-2)).toEqual([RULE, '\n']);
      expect(document.text.split(RULE)).toHaveLength(2);
    }
  });

  test('asks for many lookups as often as it is told, each number equally often', () => {
    const hops = documents.flatMap((document) => document.hops.filter((lookups) => lookups > 0));
    const { manySteps, maxHops } = CONTROLLED_DEFAULTS;
    for (let lookups = 1; lookups <= maxHops; lookups++) {
      const expected = lookups === 1 ? 1 - manySteps : manySteps / (maxHops - 1);
      const share = hops.filter((found) => found === lookups).length / hops.length;
      // Four deviations of a binomial.
      expect(Math.abs(share - expected)).toBeLessThan(
        4 * Math.sqrt((expected * (1 - expected)) / hops.length),
      );
    }
  });

  test('is decided by its seed, and shares no statement between splits', () => {
    expect(controlledCorpus(small)).toEqual(corpus);
    expect(controlledCorpus({ ...small, seed: 2 }).test[0].text).not.toBe(corpus.test[0].text);
    const statement = (text: string) => text.slice(0, text.indexOf(RULE));
    const questions = [...corpus.questions.train, ...corpus.questions.test];
    const statements = [
      ...documents.map(({ text }) => statement(text)),
      ...questions.map(({ question }) => statement(question)),
    ];
    expect(new Set(statements).size).toBe(statements.length);
    expect(new Set([...documents, ...questions].map(({ id }) => id)).size).toBe(statements.length);
  });

  test('asks questions whose answer the statement gives', () => {
    for (const { question, answer, hops } of corpus.questions.test) {
      let name = question.at(-2) as string;
      expect(HEADS).toContain(name);
      for (let i = 0; i < hops; i++) name = new RegExp(`^${name}>(.)$`, 'm').exec(question)?.[1] as string;
      expect(name).toBe(answer);
    }
  });

  test('names a knob that is out of its range', () => {
    expect(() => controlledCorpus({ maxHops: 1 })).toThrow('controlled corpus: maxHops: is 1, expected');
    expect(() => controlledCorpus({ decoys: [2, 1] })).toThrow(
      /decoys: is \[2,1\], expected a range in 0\.\.3/,
    );
    expect(() => controlledCorpus({ asked: [1, 6] })).toThrow(
      /decoys: is \[1,2\], expected a range in 0\.\.0/,
    );
    const narrow = { asked: [1, 1], manySteps: 0, decoys: [0, 0], sentences: 0 } as const;
    expect(() => controlledCorpus({ ...small, ...narrow })).toThrow(/documents: asks for more .*\(10\)/);
  });
});

describe('a value that takes several lookups', () => {
  test('can at best be guessed among the values that some chain ends in, without following it', () => {
    // Everything that tells the chains apart before they are followed: where the last lookup of each begins.
    let right = 0;
    let count = 0;
    for (const document of documents) {
      const endings = new Map<string, string>();
      for (const [, name, value] of document.text.matchAll(/^([a-z])>(\d)$/gm)) endings.set(name, value);
      for (const path of lookUp(document).values()) {
        if (path.length < 2) continue;
        count += 1;
        right += [...endings.values()].filter((value) => value === path.at(-1)).length / endings.size;
      }
    }
    expect(right / count).toBeLessThan(0.5);
  });
});
