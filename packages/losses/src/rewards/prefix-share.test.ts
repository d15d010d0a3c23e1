import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../test/branch-outcome.js';
import { prefixShare } from './prefix-share.js';

describe('prefixShare', () => {
  const continuation = [' 123', ' apples'];

  test('counts the leading bytes that agree, over the longer of prediction and next token', () => {
    const reward = prefixShare();
    expect(reward(outcomeOf([' 123'], continuation))).toBe(1);
    expect(reward(outcomeOf([' 12'], continuation))).toBe(3 / 4);
    expect(reward(outcomeOf([' 1239'], continuation))).toBe(4 / 5);
    expect(reward(outcomeOf([' 123', ' app'], continuation))).toBe(1);
    expect(reward(outcomeOf(['123'], continuation))).toBe(0);
  });

  test('counts tokens on request', () => {
    const reward = prefixShare({ unit: 'token' });
    expect(reward(outcomeOf([' 123'], continuation))).toBe(1);
    expect(reward(outcomeOf([' 123', ' pears'], continuation))).toBe(1 / 2);
    expect(reward(outcomeOf([' 123', ' apples', '.'], continuation))).toBe(2 / 3);
    expect(reward(outcomeOf([' 12'], continuation))).toBe(0);
  });

  test.each(['byte', 'token'] as const)('is 0 for nothing and for a malformed branch (%s)', (unit) => {
    const reward = prefixShare({ unit });
    expect(reward(outcomeOf([], continuation))).toBe(0);
    expect(reward(outcomeOf([], ['']))).toBe(0);
    expect(reward(outcomeOf([' 123'], continuation, { wellFormed: false }))).toBe(0);
  });

  test('refuses an unknown unit', () => {
    // @ts-expect-error: not a unit
    expect(() => prefixShare({ unit: 'word' })).toThrow(expect.objectContaining({ code: 'invalid_option' }));
  });
});
