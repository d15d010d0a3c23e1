import { describe, expect, it } from 'vitest';
import type { GradedLine } from './grade-line.js';
import { gradePairs } from './grade-pairs.js';

const graded = async (...lines: string[]): Promise<GradedLine[]> => {
  const all: GradedLine[] = [];
  for await (const line of gradePairs(lines, 'pairs.jsonl')) all.push(line);
  return all;
};
const pair = (fields: object): string => JSON.stringify({ id: 'a', gold: '1', prediction: '1', ...fields });

describe('gradePairs', () => {
  it('gives a line a pair, in order, with what was read and why', async () => {
    const lines = await graded(
      pair({ id: 'half', gold: '\\frac{1}{2}', prediction: 'So it is \\boxed{0.5}.' }),
      '',
      pair({ id: 2, gold: 3, prediction: '4' }),
    );
    expect(lines).toEqual([
      { id: 'half', correct: true, gold: '\\frac{1}{2}', prediction: '0.5', reason: expect.any(String) },
      { id: 2, correct: false, gold: '3', prediction: '4', reason: expect.any(String) },
    ]);
  });

  it('has null where nothing could be read', async () => {
    expect(await graded(pair({ prediction: '' }))).toMatchObject([
      { correct: false, gold: '1', prediction: null },
    ]);
    expect(await graded(pair({ gold: '' }))).toMatchObject([{ correct: false, gold: null }]);
  });

  it('follows the options of a line, and only of that line', async () => {
    const verdicts = await graded(
      pair({ gold: '3.14', prediction: '\\pi', precision: 2 }),
      pair({ gold: '3.14', prediction: '\\pi' }),
      pair({ gold: 'f(x)', prediction: 'f(y)', strict: false }),
      pair({ gold: '(1, 2)', prediction: '1 < x < 2', allowSetRelation: true }),
      pair({ gold: 'B', prediction: 'The answer is B.', extract: ['string'] }),
      pair({ gold: '2', prediction: '2.05', tolerance: 0.1 }),
      pair({ gold: '2.00', prediction: '2.004', significantDigits: 3 }),
    );
    expect(verdicts.map(({ correct }) => correct)).toEqual([true, false, true, true, true, true, true]);
  });

  it('reads past a byte order mark, and fields it does not know', async () => {
    expect(await graded(`\uFEFF${pair({ note: 'x', __proto__: null })}`)).toHaveLength(1);
  });

  it.each([
    ['{"id": 1', 'not JSON; expected an object with id, gold and prediction'],
    ['[]', 'expected an object with id, gold and prediction'],
    ['null', 'expected an object with id, gold and prediction'],
    ['{"gold":"1"}', 'prediction must be a string, but is missing'],
    ['{"__proto__":{"gold":"1"},"prediction":"1"}', 'gold must be a string, but is missing'],
    [pair({ gold: null }), 'gold must be a string, not null'],
    [pair({ prediction: ['1'] }), 'prediction must be a string, not ["1"]'],
    [pair({ id: {} }), 'id must be a string or a number'],
    [pair({ extract: [] }), 'extract must list one or more of latex, expr, string, not []'],
    [pair({ extract: 'latex' }), 'extract must list one or more of latex, expr, string, not "latex"'],
    [pair({ precision: -1 }), 'precision must be a whole number from 0 to 50, not -1'],
    [pair({ precision: '6' }), 'precision must be a whole number from 0 to 50, not 6'],
    [pair({ strict: 'yes' }), 'strict must be true or false, not yes'],
    [pair({ allowSetRelation: 1 }), 'allowSetRelation must be true or false, not 1'],
    [pair({ tolerance: -1 }), 'tolerance must be a number of at least 0, not -1'],
  ])('names file and line of %s', async (line, problem) => {
    await expect(graded(pair({}), '', line)).rejects.toMatchObject({
      code: 'INVALID_LINE',
      message: `pairs.jsonl:3: ${problem}`,
    });
  });
});
