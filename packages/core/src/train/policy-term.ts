import type { PolicyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainingPass } from '../policy/decoder.js';
import type { Policy } from '../policy/policy.js';
import { predictTokens } from '../policy/predict.js';
import type { PackedTree } from '../tree/pack-tree.js';
import { branchMatrix, fromRows, toMatrix } from './branch-matrix.js';
import type { UpdatePart } from './update-batch.js';
import { hiddenStates, type PassFigure, rowsOf } from './update-passes.js';

/** How L_RL is computed, and what its passes are asked for. */
export interface PolicyTermOptions extends TrainingPass {
  readonly policyLoss: PolicyLoss;
  /** Temperature the branches were sampled at; their log-probabilities are taken at it. Default 1. */
  readonly temperature?: number;
  /** What the KL term holds the policy to, where the policy loss has one. */
  readonly reference?: Policy;
}

/** L_RL on a pass's branches, weighted by the part's share, and the policy loss's own figures. */
export function policyTerm(
  policy: Policy,
  hidden_N_D: tf.Tensor2D,
  part: UpdatePart,
  tree: PackedTree,
  options: PolicyTermOptions,
): { readonly loss: tf.Scalar; readonly metrics: Readonly<Record<string, PassFigure>> } {
  const { policyLoss, temperature = 1, reference } = options;
  const { positions, policyShare } = part;
  if (policyShare === 0) return { loss: tf.scalar(0), metrics: {} };
  const matrix = branchMatrix(positions.flatMap(({ branches }) => branches.map(({ length }) => length)));
  const targets_M = tf.tensor1d(tree.branchTargets, 'int32');
  const predictions = (model: Policy, states_N_D: tf.Tensor2D) =>
    predictTokens(model, rowsOf(states_N_D, tree.branchRows), targets_M, {
      temperature,
      entropyGradient: policyLoss.usesEntropyGradient ?? false,
    });
  const { logProbs_N, entropies_N } = predictions(policy, hidden_N_D);
  const { loss, metrics } = policyLoss({
    logProbs_B_T: toMatrix(logProbs_N, matrix),
    entropies_B_T: toMatrix(entropies_N, matrix),
    oldLogProbs_B_T: fromRows(
      positions.flatMap(({ oldLogProbs }) => oldLogProbs),
      matrix,
    ),
    refLogProbs_B_T:
      reference && toMatrix(predictions(reference, hiddenStates(reference, tree)).logProbs_N, matrix),
    advantages_B: tf.tensor1d(positions.flatMap(({ advantages }) => [...advantages])),
    mask_B_T: tf.tensor2d(matrix.mask, [matrix.branches, matrix.tokens]),
  });
  const weighed = Object.entries(metrics).map(([name, value]): [string, PassFigure] => [
    name,
    { value, weight: policyShare },
  ]);
  return { loss: tf.mul<tf.Scalar>(loss, policyShare), metrics: Object.fromEntries(weighed) };
}
