import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** What a policy loss sees: B branches of up to T sampled tokens. float32 unless said. */
export interface PolicyLossInput {
  /** Log-probabilities of the sampled tokens under the policy being trained (differentiable). */
  readonly logProbs_B_T: Tensor2D;
  /** The same when they were sampled; equal to `logProbs_B_T` in value when strictly on-policy. */
  readonly oldLogProbs_B_T: Tensor2D;
  /** The same under the reference policy; needed when the KL coefficient is not 0. */
  readonly refLogProbs_B_T?: Tensor2D;
  /** One advantage a branch. */
  readonly advantages_B: Tensor1D;
  /** 1 for a sampled token, 0 for padding. */
  readonly mask_B_T: Tensor2D;
  /** Entropy of the policy at each sampled token in nats (differentiable), for an entropy bonus. */
  readonly entropies_B_T?: Tensor2D;
}

/** A loss to minimise, with figures for the log (plain tensors, detached, scalars; the caller disposes of them). */
export interface PolicyLossOutput {
  readonly loss: Scalar;
  /** Named as TRL names them, e.g. `kl`, `clip_ratio/region_mean`. */
  readonly metrics: Readonly<Record<string, Scalar>>;
}

/** L_RL. Differentiable in `logProbs_B_T`. The contract that `@midtrain/core` asks for. */
export interface PolicyLoss {
  (input: PolicyLossInput): PolicyLossOutput;
  /**
   * What the loss is a mean over, so that a batch may be cut into parts whose losses, weighted by their shares of it,
   * add up. Absent: the batch must not be cut.
   */
  readonly reduction?: 'branches' | 'tokens';
  /** Whether a branch whose advantage is 0 has no gradient, so that computing it can be spared. Default false. */
  readonly zeroAdvantageIsFree?: boolean;
  /** Whether the loss is differentiable in `entropies_B_T`. Default false: they are only reported. */
  readonly usesEntropyGradient?: boolean;
}
