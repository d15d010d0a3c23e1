import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../test/branch-outcome.js';
import { prefixMatch } from './prefix-match.js';
import { prefixShare } from './prefix-share.js';

// Two byte values, so that agreement is frequent; tokens may be empty.
const byte = fc.constantFrom(0xe2, 0x82);
const tokens = fc.array(fc.array(byte, { maxLength: 3 }), { minLength: 1, maxLength: 5 });
const prediction = fc.array(byte, { maxLength: 8 });
const outcome = (continuation: number[][], predicted: number[]) =>
  outcomeOf([], ['x'], {
    continuationTokenIds: continuation.map((_, i) => i),
    continuationBytes: continuation.map((bytes) => Uint8Array.from(bytes)),
    predictionBytes: Uint8Array.from(predicted),
  });
const text = (bytes: number[]) => bytes.join(' ');

describe('over random bytes cut into random tokens', () => {
  test('prefixMatch is 1 exactly when the prediction is some number of whole tokens', () => {
    fc.assert(
      fc.property(tokens, prediction, (continuation, predicted) => {
        const wholeTokens = continuation.map((_, n) => text(continuation.slice(0, n + 1).flat()));
        const expected = predicted.length > 0 && wholeTokens.includes(text(predicted)) ? 1 : 0;
        expect(prefixMatch()(outcome(continuation, predicted))).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('prefixShare is in 0..1, and 1 exactly when all of the prediction agrees and covers the next token', () => {
    fc.assert(
      fc.property(tokens, prediction, (continuation, predicted) => {
        const share = prefixShare()(outcome(continuation, predicted));
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        const agrees = text(continuation.flat().slice(0, predicted.length)) === text(predicted);
        const covers = predicted.length > 0 && predicted.length >= continuation[0].length;
        expect(share === 1).toBe(agrees && covers);
      }),
      { numRuns: 1000 },
    );
  });
});
