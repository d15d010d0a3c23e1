import {
  add,
  clipByValue,
  exp,
  expandDims,
  greaterEqual,
  mul,
  neg,
  onesLike,
  sub,
  sum,
  type Tensor2D,
  where,
} from '@tensorflow/tfjs-core';
import { requireNumber } from '../require-number.js';
import { stopGradient } from '../stop-gradient.js';
import type { BranchTokens } from './branch-tokens.js';
import { maskedMean } from './masked-mean.js';
import type { Objective } from './objective.js';

/** The gamma-shaped weight w^k·e^(λ·(1 − w)) of a branch whose sequence ratio is w. */
export interface VespoObjectiveOptions {
  /** k where the advantage is not negative. 2. */
  readonly kPositive?: number;
  /** λ where the advantage is not negative. 3. */
  readonly lambdaPositive?: number;
  /** k where the advantage is negative. 3. */
  readonly kNegative?: number;
  /** λ where the advantage is negative. 2. */
  readonly lambdaNegative?: number;
}

/** Log-ratios are held within e^±20, and the sequence's above 1e-8, as in TRL. */
const LARGEST_LOG_RATIO = 20;
const LOWEST_SEQUENCE_LOG_RATIO = Math.log(1e-8);

function sequenceLogRatios({ logRatios_B_T }: BranchTokens): Tensor2D {
  const bounded_B_T = clipByValue(logRatios_B_T, -LARGEST_LOG_RATIO, LARGEST_LOG_RATIO);
  return expandDims(clipByValue(sum(bounded_B_T, 1), LOWEST_SEQUENCE_LOG_RATIO, LARGEST_LOG_RATIO), 1);
}

/**
 * VESPO (arXiv 2602.10693) as TRL computes it: −sg(φ(w))·A·log π with w the product of the branch's token ratios. The importance
 * ratios of the KL correction are not used here. Metric: `vespo/phi_seq_mean`.
 *
 * @throws LossesError `invalid_option`
 */
export function vespoObjective(options: VespoObjectiveOptions): Objective {
  const { kPositive = 2, lambdaPositive = 3, kNegative = 3, lambdaNegative = 2 } = options;
  for (const [field, value] of Object.entries({ kPositive, lambdaPositive, kNegative, lambdaNegative })) {
    requireNumber(field, value, { above: 0 });
  }
  return (tokens) => {
    const { advantages_B_1, logProbs_B_T } = tokens;
    const ones_B_1 = onesLike(advantages_B_1);
    const notNegative_B_1 = greaterEqual(advantages_B_1, 0);
    const choose = (positive: number, negative: number): Tensor2D =>
      where(notNegative_B_1, mul(ones_B_1, positive), mul(ones_B_1, negative)) as Tensor2D;
    const logW_B_1 = sequenceLogRatios(tokens);
    const decay_B_1 = mul(choose(lambdaPositive, lambdaNegative), sub(1, exp(logW_B_1)));
    const exponents_B_1: Tensor2D = add(mul(choose(kPositive, kNegative), logW_B_1), decay_B_1);
    const phi_B_1 = stopGradient(exp(exponents_B_1));
    return {
      losses: neg(mul(mul(phi_B_1, advantages_B_1), logProbs_B_T)) as Tensor2D,
      metrics: { 'vespo/phi_seq_mean': maskedMean(phi_B_1, tokens) },
    };
  };
}
