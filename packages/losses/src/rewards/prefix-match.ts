import type { Reward } from '../reward.js';
import { countMatchingBytes } from './matching-bytes.js';
import { requireContinuation } from './require-continuation.js';

/** Whether the first `length` bytes of the tokens laid end to end are a whole number of tokens. */
function endsOnTokenBoundary(length: number, tokens: readonly Uint8Array[]): boolean {
  let boundary = 0;
  for (const token of tokens) {
    boundary += token.length;
    if (boundary >= length) return boundary === length;
  }
  return false;
}

/**
 * RPT's prefix-matching reward (arXiv 2506.08007): with l the byte length of the prediction, 1 when the prediction
 * equals the first l bytes of the continuation and l is one of its cumulative token byte lengths, else 0. It
 * compares raw bytes, so a boundary inside a UTF-8 character is a boundary like any other. An empty prediction and
 * a branch that is not well formed get 0.
 *
 * The returned reward throws LossesError `invalid_outcome` when the outcome has no next token.
 */
export function prefixMatch(): Reward {
  return (outcome) => {
    requireContinuation(outcome);
    const { wellFormed, predictionBytes, continuationBytes } = outcome;
    if (!wellFormed || predictionBytes.length === 0) return 0;
    const equal = countMatchingBytes(predictionBytes, continuationBytes) === predictionBytes.length;
    return equal && endsOnTokenBoundary(predictionBytes.length, continuationBytes) ? 1 : 0;
  };
}
