import { type DualObjective, nextTokenLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import type { packTree } from '../tree/pack-tree.js';
import type { Gradients } from './gradients.js';
import { partPass } from './part-pass.js';
import { orRelease, passFigure } from './pass-figures.js';
import type { PassPredictions } from './pass-predictions.js';
import { type PolicyTermOptions, policyTerm } from './policy-term.js';
import { requireLinear } from './require-linear.js';
import { DEFAULT_TOKENS_PER_PASS } from './tokens-per-pass.js';
import { type BranchPart, type UpdateBatch, type UpdatePart, updateParts } from './update-batch.js';
import { type PassLoss, sumPasses } from './update-passes.js';

/** How the dual objective is computed. */
export interface DualUpdateOptions extends PolicyTermOptions {
  readonly objective: DualObjective;
  /** Most packed tokens of one forward and backward pass; a document is not cut, but its branches are. Default 3,072. */
  readonly maxTokensPerPass?: number;
  /** Lays out the passes, each of whole documents; the tree unless a comparison wants rows. */
  readonly layout?: typeof packTree;
}

/** The losses' values, nats where they are log-probabilities, and the policy loss's own figures. */
export interface DualUpdateReport {
  readonly loss: number;
  readonly policyLoss: number;
  readonly nextTokenLoss: number;
  /** Means over the tokens of the branches that were computed, by TRL's names: `kl`, `entropy`, `clip_ratio/region_mean`, … */
  readonly metrics: Readonly<Record<string, number>>;
  /** Share of L_RL's mean that was computed; what has no gradient is left out. 0: nothing had one. */
  readonly share: number;
  /** Packed tokens that went forward and backward. */
  readonly tokens: number;
}

/** 1 for document tokens that the next-token loss learns: m_pos = 1[τ_pos ∉ C] (PAPER.md, dual training). */
function trunkMask({ documents, positions }: UpdateBatch): Float32Array {
  const mask = documents.map(({ length }) => new Float32Array(Math.max(0, length - 1)).fill(1));
  for (const { document, position } of positions) if (position >= 1) mask[document][position - 1] = 0;
  return Float32Array.from(mask.flatMap((row) => [...row]));
}

/** L_NTP of what is predicted of a pass's documents, weighted by the part's share. */
function nextTokenTerm(logProbs_N: tf.Tensor1D | undefined, part: UpdatePart): tf.Scalar {
  if (!logProbs_N) return tf.scalar(0);
  const loss = nextTokenLoss({ logProbs_N, mask_N: tf.tensor1d(trunkMask(part)) });
  return tf.mul<tf.Scalar>(loss, part.nextTokenShare);
}

/** One pass: L_RL on its branches and L_NTP on its documents. */
function dualLoss(predicted: PassPredictions, part: UpdatePart, options: DualUpdateOptions): PassLoss {
  const learnt = nextTokenTerm(predicted.trunkLogProbs_N, part);
  const { loss: rewarded, metrics } = policyTerm(predicted.branches, part, options);
  return {
    loss: orRelease(metrics, () => options.objective(rewarded, learnt)),
    figures: { ...metrics, policyLoss: passFigure(rewarded), nextTokenLoss: passFigure(learnt) },
  };
}

/** L_RL on branches of a pass of their own. */
function branchLoss(predicted: PassPredictions, part: BranchPart, options: DualUpdateOptions): PassLoss {
  const { loss: rewarded, metrics } = policyTerm(predicted.branches, part, options);
  return {
    loss: orRelease(metrics, () => options.objective(rewarded, tf.scalar(0))),
    figures: { ...metrics, policyLoss: passFigure(rewarded) },
  };
}

/**
 * Gradients of L = L_RL + λ·L_NTP (PAPER.md, dual training) over a whole batch: one packed forward and backward over
 * trunks and branches, or several where `maxTokensPerPass` asks for it.
 *
 * @throws {TrainingOptionError} for an objective that is not linear
 */
export async function dualGradients(
  policy: Policy,
  batch: UpdateBatch,
  options: DualUpdateOptions,
): Promise<{ readonly gradients: Gradients; readonly report: DualUpdateReport }> {
  const { maxTokensPerPass = DEFAULT_TOKENS_PER_PASS } = options;
  await requireLinear(options.objective);
  const parts = updateParts(batch, options.policyLoss, maxTokensPerPass);
  const passes = parts.map((part) =>
    partPass(
      part,
      { trunk: part.nextTokenShare > 0, branches: part.policyShare > 0 },
      {
        whole: (predictions) => dualLoss(predictions, part, options),
        branches: (predictions, run) => branchLoss(predictions, run, options),
      },
      options.layout,
    ),
  );
  const { gradients, figures, ...sums } = await sumPasses(policy, passes, options);
  const { policyLoss = 0, nextTokenLoss = 0, ...metrics } = figures;
  const share = parts.reduce((sum, part) => sum + part.policyShare, 0);
  return { gradients, report: { ...sums, policyLoss, nextTokenLoss, metrics, share } };
}
