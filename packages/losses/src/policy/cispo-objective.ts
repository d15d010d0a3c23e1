import { cast, greater, logicalAnd, minimum, mul, neg, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireNumber } from '../require-number.js';
import { stopGradient } from '../stop-gradient.js';
import { maskedMean } from './masked-mean.js';
import type { Objective } from './objective.js';

export interface CispoObjectiveOptions {
  /**
   * The largest weight a token's gradient gets: the ratio is held at `epsilonHigh` itself, as in TRL, not at
   * 1 + epsilonHigh. 5, as ScaleRL (arXiv 2510.13786).
   */
  readonly epsilonHigh?: number;
}

/**
 * CISPO (MiniMax-M1, arXiv 2506.13585): −sg(min(ρ, ε_high))·A·log π, so a clipped token still has a gradient.
 * Metric: `cispo_clip_ratio`.
 *
 * @throws LossesError `invalid_option`
 */
export function cispoObjective({ epsilonHigh = 5 }: CispoObjectiveOptions): Objective {
  requireNumber('epsilonHigh', epsilonHigh, { above: 0 });
  return (tokens, ratios) => {
    const { advantages_B_1, logProbs_B_T } = tokens;
    const weights = mul(stopGradient(minimum(ratios, epsilonHigh)), advantages_B_1);
    const clipped = logicalAnd(greater(ratios, epsilonHigh), greater(advantages_B_1, 0));
    return {
      losses: neg(mul(weights, logProbs_B_T)) as Tensor2D,
      metrics: { cispo_clip_ratio: maskedMean(cast(clipped, 'float32') as Tensor2D, tokens) },
    };
  };
}
