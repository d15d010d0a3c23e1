import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import type { BranchTokens } from './branch-tokens.js';

/** What a policy objective makes of the tokens, before KL, entropy and aggregation. */
interface ObjectiveOutput {
  /** To be minimised: [B, T], or [B, 1] where a branch's tokens share theirs. */
  readonly losses: Tensor2D;
  /** Named as TRL names them. */
  readonly metrics: Readonly<Record<string, Scalar>>;
}

/** The policy-gradient term of a loss, given the importance ratios ([B, T] or [B, 1]). */
export type Objective = (tokens: BranchTokens, ratios: Tensor2D) => ObjectiveOutput;
