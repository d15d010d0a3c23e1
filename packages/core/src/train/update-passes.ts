import * as tf from '@tensorflow/tfjs-core';
import { partOf } from '../lora/dropout.js';
import type { Policy } from '../policy/policy.js';
import type { PackedTree } from '../tree/pack-tree.js';
import { accumulate, type Gradients } from './gradients.js';
import {
  type PassPredictions,
  type PredictionOptions,
  passGradients,
  type WantedPredictions,
} from './pass-predictions.js';

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
  readonly wanted: WantedPredictions;
  readonly loss: (predictions: PassPredictions) => PassLoss;
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

/**
 * Runs an update's passes one after the other and adds up their gradients and figures.
 *
 * @param options how the passes predict; each drops otherwise
 */
export async function sumPasses(
  policy: Policy,
  passes: readonly UpdatePass[],
  options: PredictionOptions,
): Promise<UpdateSums> {
  let gradients: Gradients | undefined;
  const sums = { loss: 0, tokens: 0 };
  const totals: Record<string, number> = {};
  const { dropout } = options;
  for (const [part, { tree, wanted, loss }] of passes.entries()) {
    let figures: PassLoss['figures'] = {};
    const lossOf = (predictions: PassPredictions): tf.Scalar => {
      const computed = loss(predictions);
      figures = computed.figures;
      return computed.loss;
    };
    const asked = { ...options, dropout: dropout && partOf(dropout, part) };
    const pass = passGradients(policy, tree, wanted, lossOf, asked);
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
