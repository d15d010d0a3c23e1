import { requireOneOf } from '../require-number.js';
import type { BranchOutcome, Reward } from '../reward.js';
import { countMatchingBytes } from './matching-bytes.js';
import { requireContinuation } from './require-continuation.js';

export interface PrefixShareOptions {
  /** What is counted: raw bytes (the default) or tokens. */
  readonly unit?: 'byte' | 'token';
}

function byteShare({ predictionBytes, continuationBytes }: BranchOutcome): number {
  const matching = countMatchingBytes(predictionBytes, continuationBytes);
  const longest = Math.max(predictionBytes.length, continuationBytes[0].length);
  return longest === 0 ? 0 : matching / longest;
}

function tokenShare({ predictionTokenIds, continuationTokenIds }: BranchOutcome): number {
  const firstDifference = predictionTokenIds.findIndex((id, index) => id !== continuationTokenIds[index]);
  const matching = firstDifference === -1 ? predictionTokenIds.length : firstDifference;
  return matching / Math.max(predictionTokenIds.length, 1);
}

/**
 * A softer match (ours; reviewers of RMT asked for more than the exact match): the number of leading units in which
 * prediction and continuation agree, divided by the longer of the prediction and the next token. In 0..1; 1 exactly
 * when the whole prediction agrees and covers the next token. A branch that is not well formed gets 0.
 *
 * The returned reward throws LossesError `invalid_outcome` when the outcome has no next token.
 *
 * @throws LossesError `invalid_option` for an unknown unit
 */
export function prefixShare({ unit = 'byte' }: PrefixShareOptions = {}): Reward {
  const share = requireOneOf('unit', unit, ['byte', 'token']) === 'byte' ? byteShare : tokenShare;
  return (outcome) => {
    requireContinuation(outcome);
    return outcome.wellFormed ? share(outcome) : 0;
  };
}
