import { describe, expect, it } from 'vitest';
import { grade } from '../src/index.js';
import { readPairs } from './fixtures.js';

/** The pairs that get another verdict than their label. */
const disagreements = (pairs: ReturnType<typeof readPairs>): string[] =>
  pairs.flatMap(({ id, gold, prediction, correct, ...options }) =>
    grade(gold, prediction, { timeLimit: 10_000, ...options }).correct === correct ? [] : [id],
  );

describe('labelled pairs', () => {
  it('agrees with at least 99 % of the pairs of Math-Verify', () => {
    const pairs = readPairs('math-verify');
    const found = disagreements(pairs);
    expect(pairs.length).toBeGreaterThanOrEqual(269);
    expect(found.length / pairs.length, found.join('\n')).toBeLessThanOrEqual(0.01);
    // Its label has 1 + 1/e answer for 1 − 1/e.
    expect(found).toEqual(['yujianll/string_extraction/10']);
  });

  it('accepts no wrong pair', () => {
    const pairs = readPairs('wrong');
    expect(pairs.length).toBeGreaterThanOrEqual(600);
    expect(disagreements(pairs)).toEqual([]);
  });

  it('accepts the right pairs, but for integrals and infinite sums against their values', () => {
    const pairs = readPairs('right');
    const found = disagreements(pairs);
    expect(pairs.length).toBeGreaterThanOrEqual(600);
    expect(found.length / pairs.length).toBeLessThanOrEqual(0.02);
    expect(found.map((id) => pairs.find((pair) => pair.id === id)!.gold)).toEqual([
      '\\int_0^1 x^2 dx',
      '\\sum_{n=1}^{\\infty} \\frac{1}{n^2}',
      '\\sum_{n=0}^{\\infty} \\frac{1}{2^n}',
    ]);
  });
});
