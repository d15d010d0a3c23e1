import { div, exp, expandDims, sum, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { BranchTokens } from './branch-tokens.js';

/**
 * - `token`: every token has its own ratio π/π_old (PPO, GRPO);
 * - `sequence`: a branch's tokens share the exponential of their mean log-ratio (GSPO, arXiv 2507.18071).
 */
export type ImportanceSamplingLevel = 'token' | 'sequence';

/** The ratios [B, T] for `token`, [B, 1] for `sequence`; 1 where there is no token. Differentiable. */
export function importanceRatios(
  { logRatios_B_T, lengths_B }: BranchTokens,
  level: ImportanceSamplingLevel,
): Tensor2D {
  if (level === 'token') return exp(logRatios_B_T);
  const meanLogRatios_B: Tensor1D = div(sum(logRatios_B_T, 1), lengths_B);
  return exp(expandDims<Tensor2D>(meanLogRatios_B, 1));
}
