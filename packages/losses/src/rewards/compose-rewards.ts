import { requireNumber } from '../require-number.js';
import type { BranchOutcome, Reward } from '../reward.js';

/** What a composed reward is made of, for the log. */
export interface RewardParts {
  /** The matching reward as counted, before its weight. */
  readonly match: number;
  /** The length reward as counted, before its weight. */
  readonly length: number;
  /** (1 − w)·match + w·length. */
  readonly total: number;
}

/** A reward that can say what it is made of: `reward(outcome) === reward.parts(outcome).total`. */
export interface ComposedReward extends Reward {
  parts(outcome: BranchOutcome): RewardParts;
}

export interface ComposeRewardsOptions {
  /** Scores the prediction. Asked only about branches that are well formed. */
  readonly match: Reward;
  /**
   * Scores the thought's length given its budget, both in tokens; any `LengthReward` of `@midtrain/budget` fits.
   * A malformed branch counts it only where it is below 0.
   */
  readonly length: (length: number, budget: number) => number;
  /** w in 0..1. The paper does not publish its value; 0.1 is ours. */
  readonly lengthWeight?: number;
  /**
   * Count the length reward only as far as the match holds: it is multiplied by the match (held within 0..1), so a
   * wrong prediction earns nothing by its length, and a soft match earns in proportion. Without it (the paper's
   * formula, the default) a group whose matches are all equal is ranked by length alone.
   */
  readonly lengthOnlyIfMatched?: boolean;
}

const DEFAULT_LENGTH_WEIGHT = 0.1;

/**
 * RMT's total reward (arXiv 2509.24375): r = (1 − w)·r_match + w·r_len.
 *
 * A branch that is not well formed never closed its thought or predicted nothing: its match is 0, and its length reward
 * counts as a penalty only, min(0, r_len). Filling the budget without an answer must not pay, and leaving the answer out
 * must not save a penalty: it is never above a wrong answer of the same length.
 *
 * @throws LossesError `invalid_option` when lengthWeight is not in 0..1
 */
export function composeRewards(options: ComposeRewardsOptions): ComposedReward {
  const { match, length, lengthWeight = DEFAULT_LENGTH_WEIGHT, lengthOnlyIfMatched = false } = options;
  const weight = requireNumber('lengthWeight', lengthWeight, { from: 0, to: 1 });

  function parts(outcome: BranchOutcome): RewardParts {
    const matched = outcome.wellFormed ? match(outcome) : 0;
    const gate = lengthOnlyIfMatched ? Math.min(Math.max(matched, 0), 1) : 1;
    const scored = gate === 0 ? 0 : gate * length(outcome.thoughtTokenIds.length, outcome.budget);
    const counted = outcome.wellFormed ? scored : Math.min(0, scored);
    return { match: matched, length: counted, total: (1 - weight) * matched + weight * counted };
  }

  return Object.assign((outcome: BranchOutcome) => parts(outcome).total, { parts });
}

/** The parts of any reward: a plain one counts as all match and no length. */
export function rewardParts(reward: Reward | ComposedReward, outcome: BranchOutcome): RewardParts {
  if ('parts' in reward) return reward.parts(outcome);
  const total = reward(outcome);
  return { match: total, length: 0, total };
}
