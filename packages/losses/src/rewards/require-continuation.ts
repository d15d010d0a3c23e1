import { LossesError } from '../losses-error.js';
import type { BranchOutcome } from '../reward.js';

/**
 * A branch is always asked at a position that has a next token; an empty continuation is a mistake of the caller.
 *
 * @throws LossesError `invalid_outcome`
 */
export function requireContinuation({ continuationTokenIds, continuationBytes }: BranchOutcome): void {
  if (continuationTokenIds.length === 0) {
    throw new LossesError(
      'invalid_outcome',
      'continuationTokenIds is empty; expected at least the next token',
    );
  }
  if (continuationBytes.length !== continuationTokenIds.length) {
    throw new LossesError(
      'invalid_outcome',
      `continuationBytes has ${continuationBytes.length} entries; expected one for each of the ${continuationTokenIds.length} continuationTokenIds`,
    );
  }
}
