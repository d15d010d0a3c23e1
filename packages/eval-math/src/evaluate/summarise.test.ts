import { describe, expect, it } from 'vitest';
import type { ProblemResult } from './result.js';
import { summarise } from './summarise.js';

const result = (
  id: string,
  answers: string[],
  gold: string,
  subject: string | null,
  level: string | null,
): ProblemResult => ({
  id,
  gold,
  subject,
  level,
  samples: answers.map((prediction) => ({
    text: prediction,
    prediction,
    correct: prediction === gold,
    reason: '',
  })),
  correct: answers.filter((answer) => answer === gold).length,
  cached: 0,
});

const RESULTS = [
  result('a', ['1', '1', '2', '3'], '1', 'Algebra', '1'),
  result('b', ['5', '5', '5', '4'], '4', 'Algebra', '2'),
  result('c', ['9', '8', '7', '6'], '0', 'Geometry', '10'),
];

describe('summarise', () => {
  it('gives the means of pass@k and maj@k', () => {
    const summary = summarise(RESULTS, { ks: [1, 2, 4] });
    expect(summary).toMatchObject({ problems: 3, samples: 4 });
    expect(summary.passAt1.value).toBeCloseTo((2 / 4 + 1 / 4 + 0) / 3, 12);
    // Pairs without a right sample: of 6, 1 for a (2, 3), 3 for b, 6 for c.
    expect(summary.passAt['2'].value).toBeCloseTo((5 / 6 + 3 / 6 + 0) / 3, 12);
    expect(summary.passAt['4'].value).toBeCloseTo(2 / 3, 12);
    expect(summary.majAt['4'].value).toBeCloseTo(1 / 3, 12);
  });

  it('parts pass@1 by subject and level, levels in the order of numbers', () => {
    const { bySubject, byLevel } = summarise(RESULTS);
    expect(bySubject).toMatchObject({ Algebra: { n: 2, value: 0.375 }, Geometry: { n: 1, value: 0 } });
    expect(Object.keys(byLevel)).toEqual(['1', '2', '10']);
  });

  it('keeps a subject called __proto__', () => {
    const { bySubject } = summarise([result('a', ['1'], '1', '__proto__', null)]);
    expect(Object.keys(bySubject)).toEqual(['__proto__']);
  });

  it('refuses no results, and a k beyond the samples', () => {
    const code = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => summarise([])).toThrow(code);
    expect(() => summarise(RESULTS, { ks: [5] })).toThrow(code);
    expect(() => summarise([result('a', [], '1', null, null)])).toThrow(code);
  });
});
