import {
  div,
  greaterEqual,
  mul,
  neg,
  onesLike,
  sigmoid,
  sub,
  type Tensor2D,
  where,
} from '@tensorflow/tfjs-core';
import { requireNumber } from '../require-number.js';
import type { Objective } from './objective.js';

export interface SapoObjectiveOptions {
  /** Temperature τ where the advantage is not negative. 1. */
  readonly temperaturePositive?: number;
  /** Temperature τ elsewhere. 1.05. */
  readonly temperatureNegative?: number;
}

/**
 * SAPO (arXiv 2511.20347), a soft gate instead of clipping: −A·σ(τ·(ρ − 1))·4/τ. No metrics of its own.
 *
 * @throws LossesError `invalid_option`
 */
export function sapoObjective({
  temperaturePositive = 1,
  temperatureNegative = 1.05,
}: SapoObjectiveOptions): Objective {
  requireNumber('temperaturePositive', temperaturePositive, { above: 0 });
  requireNumber('temperatureNegative', temperatureNegative, { above: 0 });
  return ({ advantages_B_1 }, ratios) => {
    const ones_B_1 = onesLike(advantages_B_1);
    const temperatures_B_1 = where(
      greaterEqual(advantages_B_1, 0),
      mul(ones_B_1, temperaturePositive),
      mul(ones_B_1, temperatureNegative),
    );
    const gates = sigmoid(mul(temperatures_B_1, sub(ratios, 1)));
    const scales_B_1 = div(mul(advantages_B_1, 4), temperatures_B_1);
    return { losses: neg(mul(gates, scales_B_1)) as Tensor2D, metrics: {} };
  };
}
