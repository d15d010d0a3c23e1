import {
  expandDims,
  maximum,
  notEqual,
  type Scalar,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { LossesError } from '../losses-error.js';
import type { PolicyLossInput } from '../policy-loss.js';
import { requireShape } from '../require-shape.js';
import { stopGradient } from '../stop-gradient.js';

/** A policy loss's input made safe: values under a mask of 0 are 0, whatever stood there, NaN included. */
export interface BranchTokens {
  /** Differentiable. */
  readonly logProbs_B_T: Tensor2D;
  /** log π/π_old of each token; differentiable through `logProbs_B_T` alone. */
  readonly logRatios_B_T: Tensor2D;
  /** Detached; absent when the loss has no KL term. */
  readonly refLogProbs_B_T?: Tensor2D;
  /** Differentiable; absent when not given. */
  readonly entropies_B_T?: Tensor2D;
  readonly mask_B_T: Tensor2D;
  /** Tokens of each branch; 1 for a branch without any, since it divides. */
  readonly lengths_B: Tensor1D;
  /** Tokens of all branches; 1 when there are none. */
  readonly tokenCount: Scalar;
  /** Detached. */
  readonly advantages_B_1: Tensor2D;
}

/** Which of the optional tensors the loss cannot do without. */
export interface NeededTensors {
  readonly refLogProbs: boolean;
  readonly entropies: boolean;
}

function requireTensor(name: string, tensor: Tensor2D | undefined, option: string): Tensor2D {
  if (tensor) return tensor;
  throw new LossesError('missing_tensor', `${name} is missing; it is needed when ${option} is not 0`);
}

function requireShapes(input: PolicyLossInput): void {
  const { shape } = input.logProbs_B_T;
  const like = 'logProbs_B_T';
  requireShape('oldLogProbs_B_T', input.oldLogProbs_B_T, shape, like);
  requireShape('refLogProbs_B_T', input.refLogProbs_B_T, shape, like);
  requireShape('mask_B_T', input.mask_B_T, shape, like);
  requireShape('entropies_B_T', input.entropies_B_T, shape, like);
  requireShape('advantages_B', input.advantages_B, [shape[0]], like);
}

/**
 * Prepares the input that all policy losses share. Runs in the caller's tidy.
 *
 * @throws LossesError `missing_tensor`; `invalid_shape`
 */
export function branchTokens(input: PolicyLossInput, needed: NeededTensors): BranchTokens {
  const { mask_B_T, entropies_B_T } = input;
  requireShapes(input);
  const sampled_B_T = notEqual(mask_B_T, 0);
  const zeros_B_T = zerosLike(mask_B_T);
  const masked = (x: Tensor2D): Tensor2D => where(sampled_B_T, x, zeros_B_T);
  const reference = needed.refLogProbs
    ? requireTensor('refLogProbs_B_T', input.refLogProbs_B_T, 'beta')
    : undefined;
  if (needed.entropies) requireTensor('entropies_B_T', entropies_B_T, 'entropyCoefficient');
  const logProbs_B_T = masked(input.logProbs_B_T);
  return {
    logProbs_B_T,
    logRatios_B_T: sub(logProbs_B_T, masked(stopGradient(input.oldLogProbs_B_T))),
    refLogProbs_B_T: reference && masked(stopGradient(reference)),
    entropies_B_T: entropies_B_T && masked(entropies_B_T),
    mask_B_T,
    lengths_B: maximum(sum(mask_B_T, 1), 1),
    tokenCount: maximum(sum(mask_B_T), 1),
    advantages_B_1: expandDims(stopGradient(input.advantages_B), 1),
  };
}
