import { expm1, mul, sub, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * The k3 estimator of KL(π ‖ π_ref) at each sampled token, in nats: e^d − d − 1 with d = log π_ref − log π (Schulman
 * 2020; GRPO, arXiv 2402.03300). Never negative; differentiable in `logProbs_B_T`.
 */
export function k3Kl(logProbs_B_T: Tensor2D, refLogProbs_B_T: Tensor2D): Tensor2D {
  const difference_B_T = sub(refLogProbs_B_T, logProbs_B_T);
  return sub(expm1(difference_B_T), difference_B_T);
}

/**
 * k3 times the importance ratio ([B, T] or [B, 1], with its gradient), which makes it unbiased for tokens sampled by
 * an older policy (DeepSeek-V3.2, arXiv 2512.02556; TRL's `use_bias_correction_kl`).
 */
export function biasCorrectedKl(kl_B_T: Tensor2D, ratios: Tensor2D): Tensor2D {
  return mul(kl_B_T, ratios);
}
