import { readFileSync } from 'node:fs';
import { type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { PolicyLossInput, PolicyLossOptions } from '../src/index.js';

/** One of TRL's results in `fixtures/policy-losses.json`. */
export interface TrlCase {
  readonly name: string;
  readonly loss_type: PolicyLossOptions['type'];
  readonly importance_sampling_level: 'token' | 'sequence';
  readonly beta: number;
  readonly delta: number | null;
  readonly use_bias_correction_kl: boolean;
  readonly epsilon_low: number;
  readonly epsilon_high: number;
  readonly mask: 'mask' | 'mask_with_empty_row';
  readonly loss: number;
  readonly grad: number[][];
  readonly metrics: Record<string, number>;
}

interface TrlFixture {
  readonly max_completion_length_for_dr_grpo: number;
  readonly logps: number[][];
  readonly old_logps: number[][];
  readonly ref_logps: number[][];
  readonly advantages: number[];
  readonly mask: number[][];
  readonly mask_with_empty_row: number[][];
  readonly cases: TrlCase[];
}

export const trl: TrlFixture = JSON.parse(
  readFileSync(new URL('../fixtures/policy-losses.json', import.meta.url), 'utf8'),
);

/** The options that ask this package for what TRL computed. */
export function optionsOf(trlCase: TrlCase): PolicyLossOptions {
  const common = { beta: trlCase.beta, klBiasCorrection: trlCase.use_bias_correction_kl };
  const importanceSamplingLevel = trlCase.importance_sampling_level;
  const epsilonHigh = trlCase.epsilon_high;
  const clip = { epsilonLow: trlCase.epsilon_low, epsilonHigh, delta: trlCase.delta ?? undefined };
  switch (trlCase.loss_type) {
    case 'dr_grpo': {
      const maxCompletionLength = trl.max_completion_length_for_dr_grpo;
      return { type: 'dr_grpo', maxCompletionLength, importanceSamplingLevel, ...clip, ...common };
    }
    case 'cispo':
      return { type: 'cispo', importanceSamplingLevel, epsilonHigh, ...common };
    case 'sapo':
      return { type: 'sapo', importanceSamplingLevel, ...common };
    case 'luspo':
      return { type: 'luspo', ...clip, ...common };
    case 'vespo':
      return { type: 'vespo', ...common };
    default:
      return { type: trlCase.loss_type, importanceSamplingLevel, ...clip, ...common };
  }
}

/** The case's tensors; `logProbs_B_T` may be given for gradients and finite differences. */
export function inputOf(
  { mask }: Pick<TrlCase, 'mask'>,
  logProbs_B_T: Tensor2D = tensor2d(trl.logps),
): PolicyLossInput {
  return {
    logProbs_B_T,
    oldLogProbs_B_T: tensor2d(trl.old_logps),
    refLogProbs_B_T: tensor2d(trl.ref_logps),
    advantages_B: tensor1d(trl.advantages),
    mask_B_T: tensor2d(trl[mask], undefined, 'float32'),
  };
}
