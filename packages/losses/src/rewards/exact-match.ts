import type { Reward } from '../reward.js';
import { requireContinuation } from './require-continuation.js';

/**
 * RMT's matching reward (arXiv 2509.24375): `1[y = τ_pos]`, that is 1 when the first predicted token is the
 * document's next token, else 0. A branch that is not well formed gets 0.
 *
 * The returned reward throws LossesError `invalid_outcome` when the outcome has no next token.
 */
export function exactMatch(): Reward {
  return (outcome) => {
    requireContinuation(outcome);
    if (!outcome.wellFormed) return 0;
    return outcome.predictionTokenIds[0] === outcome.continuationTokenIds[0] ? 1 : 0;
  };
}
