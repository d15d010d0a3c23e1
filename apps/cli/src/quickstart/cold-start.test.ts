import { fileURLToPath } from 'node:url';
import { loadTokenizer, thoughtFormat } from '@midtrain/core';
import { seededRandom } from '@midtrain/curriculum';
import { describe, expect, test } from 'vitest';
import { coldStart, tokeniseProblem } from './cold-start.js';
import { readWorkedProblems, splitNotes } from './worked-problems.js';

const ASSETS = new URL('../../assets/', import.meta.url);
const tokenizer = await loadTokenizer(fileURLToPath(new URL('tokenizer', ASSETS)));
const format = thoughtFormat({ tokenizer, instruction: (budget) => `<|budget|>${budget}` });

describe('splitNotes', () => {
  test('takes the notes out and says where they stood', () => {
    expect(splitNotes('She sold 48/2 = <<48/2=24>>24 clips.\n#### 24')).toEqual({
      text: 'She sold 48/2 = 24 clips.\n#### 24',
      notes: [{ at: 16, text: '48/2=24' }],
    });
  });
});

describe('readWorkedProblems', () => {
  test('has OlympiadBench’s as well, each with a statement of one line', async () => {
    const problems = await Promise.all(
      (['train', 'test'] as const).map((split) => readWorkedProblems(ASSETS, split, 'olympiadbench')),
    );
    expect(problems.map(({ length }) => length)).toEqual([578, 97]);
    for (const { text, answerStart } of problems.flat()) expect(text.indexOf('\n')).toBe(answerStart - 1);
  });

  test('has the problems of the shipped splits, none with a note left in it', async () => {
    const [train, heldOut] = await Promise.all([
      readWorkedProblems(ASSETS, 'train'),
      readWorkedProblems(ASSETS, 'test'),
    ]);
    expect([train.length, heldOut.length]).toEqual([7473, 1319]);
    for (const { text, answerStart } of [...train, ...heldOut]) {
      expect(text).not.toContain('<<');
      expect(text[answerStart - 1]).toBe('\n');
    }
  });
});

describe('coldStart', () => {
  test('shows thoughts that end in the token that stands there, calculations before their results', async () => {
    const problems = (await readWorkedProblems(ASSETS, 'train')).slice(0, 60);
    const documents = coldStart(problems, {
      tokenizer,
      format,
      share: 1,
      perDocument: 4,
      budgets: [3, 9],
      draftTokens: [2, 9],
      overthought: { share: 0.2, tokens: [10, 12] },
      maxTokens: 400,
      random: seededRandom(1, 'test'),
    });
    let calculations = 0;
    documents.forEach(({ tokenIds, thoughts = [], firstCandidate = 0 }, i) => {
      expect(tokenizer.decode([...tokenIds].slice(0, -1))).toBe(problems[i].text);
      for (const { position, instruction, tokenIds: branch } of thoughts) {
        expect(position).toBeGreaterThanOrEqual(firstCandidate);
        expect(branch.slice(-2)).toEqual([format.endOfThought, tokenIds[position]]);
        const budget = Number(/<\|budget\|>(\d+)/.exec(tokenizer.decode([...instruction]))?.[1]);
        expect(budget).toBeGreaterThanOrEqual(3);
        expect(budget).toBeLessThanOrEqual(9);
        const thought = tokenizer.decode(branch.slice(0, -2));
        const noted = problems[i].notes.find(({ text }) => text === thought);
        if (noted) calculations += 1;
        else expect(branch.length - 2).toBeLessThanOrEqual(12);
        const rest = tokenizer.decode([...tokenIds].slice(position));
        expect(rest.startsWith(noted ? thought.slice(thought.indexOf('=') + 1)[0] : thought)).toBe(true);
      }
    });
    expect(calculations).toBeGreaterThan(60);
  });

  test('gives thoughts to a share of the documents', async () => {
    const problems = (await readWorkedProblems(ASSETS, 'train')).slice(0, 1000);
    const options = {
      tokenizer,
      format,
      perDocument: 1,
      budgets: [3, 9],
      draftTokens: [2, 4],
      overthought: { share: 0, tokens: [0, 0] },
      maxTokens: 400,
    } as const;
    const documents = coldStart(problems, { ...options, share: 0.3, random: seededRandom(2, 'test') });
    const withThoughts = documents.filter(({ thoughts }) => thoughts !== undefined).length;
    // Four deviations of a binomial of 1,000 trials.
    expect(Math.abs(withThoughts - 300)).toBeLessThan(4 * Math.sqrt(1000 * 0.3 * 0.7));
  });

  test('cuts a problem to its length and leaves no candidate where the answer is cut off', async () => {
    const [problem] = await readWorkedProblems(ASSETS, 'test');
    const { tokenIds, firstCandidate } = tokeniseProblem(problem, tokenizer, 8);
    expect([tokenIds.length, firstCandidate]).toEqual([8, 8]);
  });
});
