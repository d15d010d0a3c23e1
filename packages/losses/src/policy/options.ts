import type { CispoObjectiveOptions } from './cispo-objective.js';
import type { ClipOptions } from './clipped-objective.js';
import type { ImportanceSamplingLevel } from './importance-ratio.js';
import type { SapoObjectiveOptions } from './sapo-objective.js';
import type { VespoObjectiveOptions } from './vespo-objective.js';

/** Terms that every policy loss can add. */
interface RegularisationOptions {
  /** β, the coefficient of KL(π ‖ π_ref), which then needs `refLogProbs_B_T`. 0, as in RPT. */
  readonly beta?: number;
  /** Multiply the KL term by the importance ratio, so it is unbiased off-policy. True, as in TRL 1.16. */
  readonly klBiasCorrection?: boolean;
  /** Coefficient of the entropy bonus (subtracted from the loss), which then needs `entropies_B_T`. 0. */
  readonly entropyCoefficient?: number;
}

interface RatioOptions {
  /** `token` by default; `grpo` with `sequence` is GSPO. */
  readonly importanceSamplingLevel?: ImportanceSamplingLevel;
}

/** Clipped objective; the types differ in how tokens become one number. */
export interface ClippedLossOptions extends RegularisationOptions, RatioOptions, ClipOptions {
  readonly type: 'grpo' | 'bnpo' | 'dapo';
}

export interface DrGrpoLossOptions extends RegularisationOptions, RatioOptions, ClipOptions {
  readonly type: 'dr_grpo';
  /** Most tokens a branch can have: the constant that every branch's sum is divided by. */
  readonly maxCompletionLength: number;
}

export interface CispoLossOptions extends RegularisationOptions, RatioOptions, CispoObjectiveOptions {
  readonly type: 'cispo';
}

export interface SapoLossOptions extends RegularisationOptions, RatioOptions, SapoObjectiveOptions {
  readonly type: 'sapo';
}

/** Sequence-level ratios by definition. */
export interface LuspoLossOptions extends RegularisationOptions, ClipOptions {
  readonly type: 'luspo';
}

/** Weighs whole branches by definition; the ratio in the KL correction is the token's. */
export interface VespoLossOptions extends RegularisationOptions, VespoObjectiveOptions {
  readonly type: 'vespo';
}

/** What `policyLoss` can make. `type` decides which further options exist. */
export type PolicyLossOptions =
  | ClippedLossOptions
  | DrGrpoLossOptions
  | CispoLossOptions
  | SapoLossOptions
  | LuspoLossOptions
  | VespoLossOptions;
