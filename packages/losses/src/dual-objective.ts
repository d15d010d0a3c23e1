import { add, mul, type Scalar, tidy } from '@tensorflow/tfjs-core';
import { requireNumber } from './require-number.js';

export interface DualObjectiveOptions {
  /** λ, the weight of the next-token loss. 0.1, the paper's. */
  readonly lambda?: number;
}

/**
 * L from L_RL and L_NTP: scalars, differentiable in both. Linear and without a constant: f(a + c, b + d) = f(a, b) + f(c, d),
 * f(0, 0) = 0. It is called for each part that a batch is computed in, with the part's shares of both losses, and what it
 * gives is added up.
 */
export type DualObjective = (policyLoss: Scalar, nextTokenLoss: Scalar) => Scalar;

/**
 * RMT's dual objective (arXiv 2509.24375): L = L_RL + λ·L_NTP.
 *
 * @throws LossesError `invalid_option` when lambda is negative or not finite
 */
export function dualObjective({ lambda = 0.1 }: DualObjectiveOptions = {}): DualObjective {
  requireNumber('lambda', lambda, { from: 0 });
  return (policyLoss, nextTokenLoss) => tidy(() => add(policyLoss, mul(nextTokenLoss, lambda)));
}
