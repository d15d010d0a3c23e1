import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../test/branch-outcome.js';
import { prefixMatch } from './prefix-match.js';

describe('prefixMatch', () => {
  const reward = prefixMatch();
  const continuation = [' 48', ' of', ' her'];

  test('is 1 for the first token and for several whole tokens', () => {
    expect(reward(outcomeOf([' 48'], continuation))).toBe(1);
    expect(reward(outcomeOf([' 48', ' of'], continuation))).toBe(1);
    expect(reward(outcomeOf([' 48', ' of', ' her'], continuation))).toBe(1);
  });

  test('compares bytes, however the prediction is cut into tokens', () => {
    expect(reward(outcomeOf([' ', '4', '8'], continuation))).toBe(1);
  });

  test('is 0 when the prediction ends inside a token of the document', () => {
    expect(reward(outcomeOf([' 4'], continuation))).toBe(0);
    expect(reward(outcomeOf([' 48', ' o'], continuation))).toBe(0);
  });

  test('is 0 for other bytes, a lost leading space, and more than the document has', () => {
    expect(reward(outcomeOf([' 49'], continuation))).toBe(0);
    expect(reward(outcomeOf(['48'], continuation))).toBe(0);
    expect(reward(outcomeOf([' 48', ' of', ' her', ' x'], continuation))).toBe(0);
  });

  test('is 0 for an empty prediction, also when the next token has no bytes, and for a malformed branch', () => {
    expect(reward(outcomeOf([], continuation))).toBe(0);
    expect(reward(outcomeOf([], ['', ' 48']))).toBe(0);
    expect(reward(outcomeOf([' 48'], continuation, { wellFormed: false }))).toBe(0);
  });

  // '€' is e2 82 ac; here the tokenizer cut it into [e2 82] [ac].
  describe('where a token splits a UTF-8 character', () => {
    const split = {
      continuationTokenIds: [1, 2, 3],
      continuationBytes: [Uint8Array.of(0xe2, 0x82), Uint8Array.of(0xac), Uint8Array.of(0x35)],
    };
    const predicting = (...bytes: number[]) =>
      reward(
        outcomeOf([], ['x'], { ...split, predictionTokenIds: [1], predictionBytes: Uint8Array.from(bytes) }),
      );

    test('half a character that is a whole token matches', () => {
      expect(predicting(0xe2, 0x82)).toBe(1);
    });

    test('half a character that is half a token does not', () => {
      expect(predicting(0xe2)).toBe(0);
    });

    test('the whole character matches, and what follows it counts too', () => {
      expect(predicting(0xe2, 0x82, 0xac)).toBe(1);
      expect(predicting(0xe2, 0x82, 0xac, 0x35)).toBe(1);
      expect(predicting(0xe2, 0x82, 0xac, 0x36)).toBe(0);
    });

    test('another broken character does not match, though both decode to the replacement character', () => {
      const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      expect(decode(Uint8Array.of(0xe2, 0x83))).toBe(decode(Uint8Array.of(0xe2, 0x82)));
      expect(predicting(0xe2, 0x83)).toBe(0);
    });
  });
});
