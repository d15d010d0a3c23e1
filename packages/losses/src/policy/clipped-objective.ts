import {
  add,
  cast,
  clipByValue,
  greater,
  less,
  logicalAnd,
  minimum,
  mul,
  neg,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { requireNumber } from '../require-number.js';
import { maskedMean } from './masked-mean.js';
import type { Objective } from './objective.js';

/** The trust region of a clipped objective. */
export interface ClipOptions {
  /** The ratio is held above 1 − epsilonLow where the advantage is negative. 0.2. */
  readonly epsilonLow?: number;
  /** The ratio is held below 1 + epsilonHigh where the advantage is positive. Same as epsilonLow; DAPO uses 0.28. */
  readonly epsilonHigh?: number;
  /**
   * Two-sided clipping (INTELLECT-2, arXiv 2505.07291): an upper bound of the ratio for negative advantages too,
   * above 1 + epsilonHigh. None by default.
   */
  readonly delta?: number;
}

const DEFAULT_EPSILON = 0.2;

/**
 * PPO's clipped surrogate: −min(ρ·A, clip(ρ, 1 − ε_low, 1 + ε_high)·A), with ρ held below δ first when given. The
 * common objective of GRPO, BNPO, Dr. GRPO, DAPO, GSPO and LUSPO. Metrics: `clip_ratio/low_mean`,
 * `clip_ratio/high_mean`, `clip_ratio/region_mean`.
 *
 * @throws LossesError `invalid_option`
 */
export function clippedObjective(options: ClipOptions): Objective {
  const epsilonLow = requireNumber('epsilonLow', options.epsilonLow ?? DEFAULT_EPSILON, { from: 0, to: 1 });
  const epsilonHigh = requireNumber('epsilonHigh', options.epsilonHigh ?? epsilonLow, { from: 0 });
  const lowest = 1 - epsilonLow;
  const highest = 1 + epsilonHigh;
  const { delta } = options;
  if (delta !== undefined) requireNumber('delta', delta, { above: highest });

  return (tokens, ratios) => {
    const { advantages_B_1 } = tokens;
    const bounded = delta === undefined ? ratios : minimum(ratios, delta);
    const clipped = clipByValue(ratios, lowest, highest);
    const surrogate = minimum(mul(bounded, advantages_B_1), mul(clipped, advantages_B_1));
    const share = (clippedHere: Tensor) => maskedMean(cast(clippedHere, 'float32') as Tensor2D, tokens);
    const low = share(logicalAnd(less(ratios, lowest), less(advantages_B_1, 0)));
    const high = share(logicalAnd(greater(ratios, highest), greater(advantages_B_1, 0)));
    return {
      losses: neg(surrogate) as Tensor2D,
      metrics: {
        'clip_ratio/low_mean': low,
        'clip_ratio/high_mean': high,
        // No token is clipped on both sides: they go with the sign of the advantage.
        'clip_ratio/region_mean': add(low, high),
      },
    };
  };
}
