import type { PolicyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { branchMatrix, fromRows, toMatrix } from './branch-matrix.js';
import type { PassFigure } from './pass-figures.js';
import type { PassPredictions } from './pass-predictions.js';
import type { BranchPart } from './update-batch.js';
import type { PassesOptions } from './update-passes.js';

/** How L_RL is computed, and what its passes are asked for. */
export interface PolicyTermOptions extends PassesOptions {
  readonly policyLoss: PolicyLoss;
}

/** L_RL on a pass's branches, weighted by the part's share, and the policy loss's own figures: means over their tokens. */
export function policyTerm(
  predicted: PassPredictions['branches'],
  { positions, policyShare }: BranchPart,
  { policyLoss }: PolicyTermOptions,
): { readonly loss: tf.Scalar; readonly metrics: Readonly<Record<string, PassFigure>> } {
  if (!predicted) return { loss: tf.scalar(0), metrics: {} };
  const lengths = positions.flatMap(({ branches }) => branches.map(({ length }) => length));
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const matrix = branchMatrix(lengths);
  const { logProbs_M, entropies_M, refLogProbs_M } = predicted;
  const { loss, metrics } = policyLoss({
    logProbs_B_T: toMatrix(logProbs_M, matrix),
    entropies_B_T: toMatrix(entropies_M, matrix),
    oldLogProbs_B_T: fromRows(
      positions.flatMap(({ oldLogProbs }) => oldLogProbs),
      matrix,
    ),
    refLogProbs_B_T: refLogProbs_M && toMatrix(refLogProbs_M, matrix),
    advantages_B: tf.tensor1d(positions.flatMap(({ advantages }) => [...advantages])),
    mask_B_T: tf.tensor2d(matrix.mask, [matrix.branches, matrix.tokens]),
  });
  const figures = Object.entries(metrics).map(([name, value]): [string, PassFigure] => [
    name,
    { value, tokens },
  ]);
  return { loss: tf.mul<tf.Scalar>(loss, policyShare), metrics: Object.fromEntries(figures) };
}
