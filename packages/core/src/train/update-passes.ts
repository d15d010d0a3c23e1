import { embeddingLookup, treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { partOf } from '../lora/dropout.js';
import { decode, type TrainingPass } from '../policy/decoder.js';
import type { Policy } from '../policy/policy.js';
import type { PackedTree } from '../tree/pack-tree.js';
import { accumulate, type Gradients, policyGradients } from './gradients.js';

/** A figure of one pass for the log; its tensor is kept (`tf.keep`), for `sumPasses` to read and release. */
export interface PassFigure {
  readonly value: tf.Scalar;
  /** What it counts for in the sum over the passes. */
  readonly weight: number;
}

/** The part of an update's loss that one pass computes, and its figures by name. */
export interface PassLoss {
  readonly loss: tf.Scalar;
  readonly figures: Readonly<Record<string, PassFigure>>;
}

/** One forward and backward pass over packed tokens. */
export interface UpdatePass {
  readonly tree: PackedTree;
  readonly loss: (training: TrainingPass) => PassLoss;
}

/** What the passes of an update give together. */
export interface UpdateSums {
  readonly gradients: Gradients;
  readonly loss: number;
  readonly figures: Readonly<Record<string, number>>;
  /** Packed tokens that went forward and backward. */
  readonly tokens: number;
}

/** A scalar of a pass as its figure. */
export const passFigure = (value: tf.Scalar, weight = 1): PassFigure => ({
  value: tf.keep(tf.clone(value)),
  weight,
});

/** Hidden states of all packed tokens, differentiable. [N, D] */
export function hiddenStates(policy: Policy, tree: PackedTree, training?: TrainingPass): tf.Tensor2D {
  return decode(policy, tree, (_, q, k, v) => treeAttention(q, k, v, tree.groups), training);
}

/** Hidden states of the given rows of a pass, differentiable. [rows, D] */
export function rowsOf(hidden_N_D: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  return embeddingLookup(hidden_N_D, tf.tensor1d(rows, 'int32'));
}

/**
 * Runs an update's passes one after the other and adds up their gradients and figures.
 *
 * @param training what the passes are asked for; each drops otherwise
 */
export async function sumPasses(
  policy: Policy,
  passes: readonly UpdatePass[],
  { recompute, dropout }: TrainingPass,
): Promise<UpdateSums> {
  let gradients: Gradients | undefined;
  const sums = { loss: 0, tokens: 0 };
  const totals: Record<string, number> = {};
  for (const [part, { tree, loss }] of passes.entries()) {
    let figures: PassLoss['figures'] = {};
    const pass = policyGradients(policy, () => {
      const computed = loss({ recompute, dropout: dropout && partOf(dropout, part) });
      figures = computed.figures;
      return computed.loss;
    });
    gradients = accumulate(gradients, pass.gradients);
    sums.loss += (await pass.value.data())[0];
    sums.tokens += tree.tokenIds.length;
    for (const [name, { value, weight }] of Object.entries(figures)) {
      totals[name] = (totals[name] ?? 0) + weight * (await value.data())[0];
      value.dispose();
    }
    pass.value.dispose();
  }
  return { gradients: gradients ?? {}, ...sums, figures: totals };
}
