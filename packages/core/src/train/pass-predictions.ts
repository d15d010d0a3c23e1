import { type CompiledOperation, embeddingLookup, releasingGradients } from '@midtrain/kernels';
import type { PolicyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainingPass } from '../policy/decoder-layer.js';
import type { LayerKeyValues } from '../policy/key-values.js';
import type { Policy } from '../policy/policy.js';
import { predictTargets, predictTokens } from '../policy/predict.js';
import type { PackedTree } from '../tree/pack-tree.js';
import { hiddenOf, packedBatch } from '../tree/packed-batch.js';
import { type Gradients, namedGradients } from './gradients.js';
import { predictedRows } from './predicted-rows.js';
import { releaseTape } from './release-tape.js';

/** How the tokens of a pass are predicted. */
export interface PredictionOptions extends TrainingPass {
  /** Whose branches are predicted, where any are. */
  readonly policyLoss?: Pick<PolicyLoss, 'usesEntropyGradient'>;
  /** Temperature the branches were sampled at; their log-probabilities are taken at it. Default 1. */
  readonly temperature?: number;
  /** What the KL term holds the policy to, where the policy loss has one. */
  readonly reference?: Policy;
  /** What runs layers where they are compiled; kept by the caller from step to step. Default: by operation. */
  readonly compiled?: CompiledOperation;
}

/** What the policy says of a pass's tokens, in nats. Differentiable, but for the reference's. */
export interface PassPredictions {
  /** Of each document token but the first, document after document; absent unless asked for. */
  readonly trunkLogProbs_N?: tf.Tensor1D;
  /** Of each sampled token, branch after branch; absent unless asked for. */
  readonly branches?: {
    readonly logProbs_M: tf.Tensor1D;
    readonly entropies_M: tf.Tensor1D;
    readonly refLogProbs_M?: tf.Tensor1D;
  };
  /** Each layer's keys and values of the pass's rows; empty unless asked for. */
  readonly keyValues: readonly LayerKeyValues[];
}

/** Which predictions a loss needs. */
export interface WantedPredictions {
  readonly trunk: boolean;
  readonly branches: boolean;
  /** Default false. */
  readonly keyValues?: boolean;
}

/** What the rows of a pass see before themselves, layer by layer: of the policy, and of the reference if there is one. */
export interface PastKeyValues {
  readonly policy: readonly LayerKeyValues[];
  readonly reference?: readonly LayerKeyValues[];
}

/** A pass's loss and gradients; the caller disposes of all. */
export interface PassGradients {
  readonly value: tf.Scalar;
  /** With respect to the policy's parameters, by name. */
  readonly gradients: Gradients;
  /** With respect to the past keys and values: keys, values, layer after layer; none where nothing is past. */
  readonly pastGradients: readonly tf.Tensor[];
}

/** Keys and values as one list. */
const flat = (layers: readonly LayerKeyValues[] = []): tf.Tensor3D[] =>
  layers.flatMap(({ keys, values }) => [keys, values]);

/** One forward and backward pass: a loss of predictions, and its gradients. */
export function passGradients(
  policy: Policy,
  { tree, wanted, past }: { tree: PackedTree; wanted: WantedPredictions; past?: PastKeyValues },
  loss: (predictions: PassPredictions) => tf.Scalar,
  options: PredictionOptions,
): PassGradients {
  const { compiled, reference, policyLoss, temperature = 1, recompute, dropout } = options;
  const { keyValues = false } = wanted;
  const graphs = compiled && ({ kind: 'operation', operation: compiled } as const);
  const entropyGradient = policyLoss?.usesEntropyGradient ?? false;
  const batch = packedBatch(policy, tree);
  const trunk = predictedRows(tree.trunkRows, tree.trunkTargets);
  const branch = predictedRows(tree.branchRows, tree.branchTargets);
  let refLogProbs_R: tf.Tensor1D | undefined;
  const ofBranches = (model: Policy, hidden_N_D: tf.Tensor2D) => {
    const read_R_D = embeddingLookup(hidden_N_D, branch.rows_R);
    return predictTokens(model, read_R_D, branch.targets_R, { temperature, entropyGradient });
  };
  const reads = wanted.branches ? reference : undefined;
  const head = (values: tf.Tensor, { length }: Int32Array) => tf.slice(values, [0], [length]) as tf.Tensor1D;

  const names = Object.keys(policy.parameters);
  const predict = (): PassPredictions => {
    const layers: LayerKeyValues[] = [];
    const pass = {
      recompute,
      dropout,
      past: past?.policy,
      onKeyValues: keyValues ? (at: LayerKeyValues) => layers.push(at) : undefined,
    };
    const hidden_N_D = hiddenOf(policy, batch, pass, graphs);
    const ofTrunk = () => predictTargets(policy, embeddingLookup(hidden_N_D, trunk.rows_R), trunk.targets_R);
    const predicted = wanted.branches ? ofBranches(policy, hidden_N_D) : undefined;
    return {
      trunkLogProbs_N: wanted.trunk ? head(ofTrunk(), tree.trunkRows) : undefined,
      branches: predicted && {
        logProbs_M: head(predicted.logProbs_N, tree.branchRows),
        entropies_M: head(predicted.entropies_N, tree.branchRows),
        refLogProbs_M: refLogProbs_R && head(refLogProbs_R, tree.branchRows),
      },
      keyValues: layers,
    };
  };
  try {
    refLogProbs_R =
      reads &&
      tf.tidy(() => ofBranches(reads, hiddenOf(reads, batch, { past: past?.reference }, graphs)).logProbs_N);
    const { value, gradients } = releasingGradients(
      () => loss(predict()),
      [...Object.values(policy.parameters), ...flat(past?.policy)],
    );
    return {
      value,
      gradients: namedGradients(names, gradients),
      // Zeros where a layer's past has no part in the loss, as the keys of a layer with one token.
      pastGradients: flat(past?.policy).map((x, i) => gradients[names.length + i] ?? tf.zerosLike(x)),
    };
  } catch (error) {
    releaseTape();
    throw error;
  } finally {
    batch.dispose();
    tf.dispose([Object.values(trunk), Object.values(branch)]);
    refLogProbs_R?.dispose();
  }
}
