import { embeddingLookup, tokenLogProbs, treeAttention } from '@midtrain/kernels';
import { type DualObjective, nextTokenLoss, type PolicyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { decode } from '../policy/decoder.js';
import { headWeight, type Policy } from '../policy/policy.js';
import { type PackedTree, packTree } from '../tree/pack-tree.js';
import { branchMatrix, fromRows, toMatrix } from './branch-matrix.js';
import { accumulate, type Gradients, policyGradients } from './gradients.js';
import { type UpdateBatch, type UpdatePart, updateParts } from './update-batch.js';

/** How the dual objective is computed. */
export interface DualUpdateOptions {
  readonly policyLoss: PolicyLoss;
  readonly objective: DualObjective;
  /** Temperature the branches were sampled at; their log-probabilities are taken at it. Default 1. */
  readonly temperature?: number;
  /** What the KL term holds the policy to, where the policy loss has one. */
  readonly reference?: Policy;
  /** Most packed tokens of one forward and backward pass. */
  readonly maxTokensPerPass: number;
  /** Lays out the passes; the tree unless a comparison wants rows. */
  readonly layout?: typeof packTree;
}

/** The losses' values, nats where they are log-probabilities, and the policy loss's own figures. */
export interface DualUpdateReport {
  readonly loss: number;
  readonly policyLoss: number;
  readonly nextTokenLoss: number;
  /** By TRL's names: `kl`, `entropy`, `clip_ratio/region_mean`, … */
  readonly metrics: Readonly<Record<string, number>>;
  /** Packed tokens that went forward and backward. */
  readonly tokens: number;
}

const NO_LOSS = (): tf.Scalar => tf.scalar(0);

/** Hidden states of the given rows of a pass, differentiable. */
function rowsOf(hidden_N_D: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  return embeddingLookup(hidden_N_D, tf.tensor1d(rows, 'int32'));
}

function hiddenStates(policy: Policy, tree: PackedTree): tf.Tensor2D {
  return decode(policy, tree, (_, q, k, v) => treeAttention(q, k, v, tree.groups));
}

/** 1 for document tokens that the next-token loss learns: m_pos = 1[τ_pos ∉ C] (PAPER.md, dual training). */
function trunkMask({ documents, positions }: UpdateBatch): Float32Array {
  const mask = documents.map(({ length }) => new Float32Array(Math.max(0, length - 1)).fill(1));
  for (const { document, position } of positions) if (position >= 1) mask[document][position - 1] = 0;
  return Float32Array.from(mask.flatMap((row) => [...row]));
}

/** One pass: L_RL on its branches and L_NTP on its documents, weighted by the part's shares. */
function dualLoss(policy: Policy, part: UpdatePart, tree: PackedTree, options: DualUpdateOptions) {
  const { policyLoss, objective, temperature = 1, reference } = options;
  const matrix = branchMatrix(part.positions.flatMap((p) => p.branches.map(({ length }) => length)));
  const targets_M = tf.tensor1d(tree.branchTargets, 'int32');
  const branchPredictions = (model: Policy, hidden_N_D: tf.Tensor2D) =>
    tokenLogProbs(rowsOf(hidden_N_D, tree.branchRows), headWeight(model), targets_M, {
      temperature,
      entropyGradient: policyLoss.usesEntropyGradient ?? false,
    });

  const hidden_N_D = hiddenStates(policy, tree);
  let learnt = NO_LOSS();
  if (part.nextTokenShare > 0) {
    const { logProbs_N } = tokenLogProbs(
      rowsOf(hidden_N_D, tree.trunkRows),
      headWeight(policy),
      tf.tensor1d(tree.trunkTargets, 'int32'),
    );
    learnt = nextTokenLoss({ logProbs_N, mask_N: tf.tensor1d(trunkMask(part)) });
  }
  let rewarded = NO_LOSS();
  let metrics: Readonly<Record<string, tf.Scalar>> = {};
  if (part.policyShare > 0) {
    const { logProbs_N, entropies_N } = branchPredictions(policy, hidden_N_D);
    const output = policyLoss({
      logProbs_B_T: toMatrix(logProbs_N, matrix),
      entropies_B_T: toMatrix(entropies_N, matrix),
      oldLogProbs_B_T: fromRows(
        part.positions.flatMap((p) => p.oldLogProbs),
        matrix,
      ),
      refLogProbs_B_T:
        reference && toMatrix(branchPredictions(reference, hiddenStates(reference, tree)).logProbs_N, matrix),
      advantages_B: tf.tensor1d(part.positions.flatMap((p) => [...p.advantages])),
      mask_B_T: tf.tensor2d(matrix.mask, [matrix.branches, matrix.tokens]),
    });
    rewarded = output.loss;
    metrics = output.metrics;
  }
  const weighted = {
    policyLoss: tf.mul<tf.Scalar>(rewarded, part.policyShare),
    nextTokenLoss: tf.mul<tf.Scalar>(learnt, part.nextTokenShare),
  };
  const loss = objective(weighted.policyLoss, weighted.nextTokenLoss);
  return { loss, ...weighted, metrics };
}

/**
 * Gradients of L = L_RL + λ·L_NTP (PAPER.md, dual training) over a whole batch: one packed forward and backward over
 * trunks and branches, or several of whole documents where `maxTokensPerPass` asks for it.
 */
export async function dualGradients(
  policy: Policy,
  batch: UpdateBatch,
  options: DualUpdateOptions,
): Promise<{ readonly gradients: Gradients; readonly report: DualUpdateReport }> {
  const { layout = packTree, maxTokensPerPass } = options;
  const sums = { loss: 0, policyLoss: 0, nextTokenLoss: 0, tokens: 0 };
  const metrics: Record<string, number> = {};
  let gradients: Gradients | undefined;
  for (const part of updateParts(batch, options.policyLoss, maxTokensPerPass)) {
    const tree = layout(part.documents, part.positions);
    const kept: Record<string, tf.Scalar> = {};
    const pass = policyGradients(policy, () => {
      const {
        loss,
        policyLoss,
        nextTokenLoss: ntp,
        metrics: figures,
      } = dualLoss(policy, part, tree, options);
      Object.assign(kept, { policyLoss: tf.keep(policyLoss.clone()), nextTokenLoss: tf.keep(ntp.clone()) });
      for (const [name, figure] of Object.entries(figures)) kept[`metric:${name}`] = figure;
      return loss;
    });
    gradients = accumulate(gradients, pass.gradients);
    sums.loss += (await pass.value.data())[0];
    sums.policyLoss += (await kept.policyLoss.data())[0];
    sums.nextTokenLoss += (await kept.nextTokenLoss.data())[0];
    sums.tokens += tree.tokenIds.length;
    for (const [name, figure] of Object.entries(kept)) {
      if (!name.startsWith('metric:')) continue;
      const key = name.slice('metric:'.length);
      metrics[key] = (metrics[key] ?? 0) + part.policyShare * (await figure.data())[0];
    }
    tf.dispose([pass.value, kept]);
  }
  return { gradients: gradients ?? {}, report: { ...sums, metrics } };
}
