import { LossesError } from '../losses-error.js';
import { requireNumber, requireOneOf } from '../require-number.js';
import type { Reward } from '../reward.js';

export type LogProbRewardOptions =
  /** exp(logProb): the probability of the true token itself. The default. */
  | { readonly mapping?: 'probability' }
  /** 1 + logProb / floorNats, and 0 from there on: keeps a slope where the probability is all but 0. */
  | { readonly mapping: 'linear'; readonly floorNats?: number };

const DEFAULT_FLOOR_NATS = 10;
/** How far rounding can put a float32 log-probability above 0. */
const ROUNDING_NATS = 1e-3;

function mappingOf(options: LogProbRewardOptions): (logProb: number) => number {
  if (options.mapping === 'linear') {
    const floorNats = requireNumber('floorNats', options.floorNats ?? DEFAULT_FLOOR_NATS, { above: 0 });
    return (logProb) => Math.max(0, 1 + logProb / floorNats);
  }
  requireOneOf('mapping', options.mapping ?? 'probability', ['probability']);
  return Math.exp;
}

/**
 * A softer match (ours; reviewers of RMT asked for more than the exact match): what the policy thinks of the true
 * next token after its thought, from `targetLogProb` (nats), mapped to 0..1 and rising with it. A branch that is
 * not well formed gets 0.
 *
 * The returned reward throws LossesError `invalid_outcome` when `targetLogProb` was not measured, is NaN or is above 0.
 *
 * @throws LossesError `invalid_option` when floorNats is not a number above 0
 */
export function logProbReward(options: LogProbRewardOptions = {}): Reward {
  const map = mappingOf(options);
  return ({ wellFormed, targetLogProb }) => {
    if (!wellFormed) return 0;
    if (targetLogProb === undefined || !(targetLogProb <= ROUNDING_NATS)) {
      throw new LossesError(
        'invalid_outcome',
        `targetLogProb is ${targetLogProb}; logProbReward needs the log-probability of the true next token in nats`,
      );
    }
    return map(Math.min(targetLogProb, 0));
  };
}
