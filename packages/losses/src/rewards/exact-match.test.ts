import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../test/branch-outcome.js';
import { exactMatch } from './exact-match.js';

describe('exactMatch', () => {
  const reward = exactMatch();

  test('is 1 exactly when the first predicted token is the next token', () => {
    expect(reward(outcomeOf([' 42'], [' 42', ' clips']))).toBe(1);
    expect(reward(outcomeOf([' 42', ' more'], [' 42', ' clips']))).toBe(1);
    expect(reward(outcomeOf([' 4'], [' 42', ' clips']))).toBe(0);
    expect(reward(outcomeOf([' clips'], [' 42', ' clips']))).toBe(0);
  });

  test('compares tokens, not text: the same bytes from other tokens do not match', () => {
    expect(reward(outcomeOf([' 4', '2'], [' 42']))).toBe(0);
  });

  test('is 0 for a branch that predicted nothing or is not well formed', () => {
    expect(reward(outcomeOf([], [' 42']))).toBe(0);
    expect(reward(outcomeOf([' 42'], [' 42'], { wellFormed: false }))).toBe(0);
  });

  test('refuses an outcome without a next token', () => {
    expect(() => reward(outcomeOf([' 42'], []))).toThrow(
      expect.objectContaining({
        code: 'invalid_outcome',
        message: expect.stringContaining('continuationTokenIds'),
      }),
    );
  });

  test('refuses a continuation whose bytes do not go with its tokens', () => {
    expect(() => reward(outcomeOf([' 42'], [' 42'], { continuationBytes: [] }))).toThrow(
      expect.objectContaining({
        code: 'invalid_outcome',
        message: expect.stringContaining('continuationBytes'),
      }),
    );
  });
});
