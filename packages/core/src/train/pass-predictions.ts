import { type CompiledGradients, differentiate, embeddingLookup, targetLogProbs } from '@midtrain/kernels';
import type { PolicyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainingPass } from '../policy/decoder.js';
import type { LayerKeyValues } from '../policy/key-values.js';
import { headTrains, headWeight, type Policy } from '../policy/policy.js';
import { predictTokens } from '../policy/predict.js';
import type { PackedTree } from '../tree/pack-tree.js';
import { type Gradients, namedGradients } from './gradients.js';
import { hiddenOf, packedBatch, predictedRows } from './packed-batch.js';

/** How the tokens of a pass are predicted. */
export interface PredictionOptions extends TrainingPass {
  /** Whose branches are predicted, where any are. */
  readonly policyLoss?: Pick<PolicyLoss, 'usesEntropyGradient'>;
  /** Temperature the branches were sampled at; their log-probabilities are taken at it. Default 1. */
  readonly temperature?: number;
  /** What the KL term holds the policy to, where the policy loss has one. */
  readonly reference?: Policy;
  /** What runs the passes where they are compiled; kept by the caller from step to step. Default: by operation. */
  readonly compiled?: CompiledGradients;
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

/** Whether a pass cannot be a graph: dropout is other each time, and a graph keeps what recomputing would not. */
const changesByItself = ({ lora }: Policy, { recompute, dropout }: TrainingPass): boolean =>
  recompute === true || (dropout !== undefined && (lora?.settings.dropout ?? 0) > 0);

/** Keys and values as one list, and back. */
const flat = (layers: readonly LayerKeyValues[] = []): tf.Tensor3D[] =>
  layers.flatMap(({ keys, values }) => [keys, values]);
const byLayer = (tensors: readonly tf.Tensor[]): LayerKeyValues[] =>
  Array.from({ length: tensors.length / 2 }, (_, layer) => ({
    keys: tensors[2 * layer] as tf.Tensor3D,
    values: tensors[2 * layer + 1] as tf.Tensor3D,
  }));

/** Keys and values of a tree's rows, without gradients. The caller disposes of them. */
export function readKeyValues(policy: Policy, tree: PackedTree): readonly LayerKeyValues[] {
  const batch = packedBatch(policy, tree);
  const read = tf.tidy(() => {
    const layers: LayerKeyValues[] = [];
    hiddenOf(policy, batch, { onKeyValues: (keyValues) => layers.push(keyValues) });
    return flat(layers);
  });
  batch.dispose();
  return byLayer(read);
}

/** One forward and backward pass: a loss of predictions, and its gradients. */
export function passGradients(
  policy: Policy,
  { tree, wanted, past }: { tree: PackedTree; wanted: WantedPredictions; past?: PastKeyValues },
  loss: (predictions: PassPredictions) => tf.Scalar,
  options: PredictionOptions,
): PassGradients {
  const { compiled, reference, policyLoss, temperature = 1, recompute, dropout } = options;
  const { keyValues = false } = wanted;
  const entropyGradient = policyLoss?.usesEntropyGradient ?? false;
  const batch = packedBatch(policy, tree);
  const trunk = predictedRows(tree.trunkRows, tree.trunkTargets);
  const branch = predictedRows(tree.branchRows, tree.branchTargets);
  const ofBranches = (model: Policy, hidden_N_D: tf.Tensor2D) => {
    const read_R_D = embeddingLookup(hidden_N_D, branch.rows_R);
    return predictTokens(model, read_R_D, branch.targets_R, { temperature, entropyGradient });
  };
  const reads = wanted.branches ? reference : undefined;
  const refLogProbs_R =
    reads && tf.tidy(() => ofBranches(reads, hiddenOf(reads, batch, { past: past?.reference })).logProbs_N);
  const head = (values: tf.Tensor, { length }: Int32Array) => tf.slice(values, [0], [length]) as tf.Tensor1D;

  const frozen = Object.values(policy.lora?.base.parameters ?? {});
  const names = Object.keys(policy.parameters);
  const run = compiled && !changesByItself(policy, options) ? compiled.run : differentiate;
  const { value, gradients } = run({
    inputs: [...batch.tensors, ...frozen, trunk.rows_R, trunk.targets_R, branch.rows_R, branch.targets_R],
    key: [
      ...[batch.key, wanted.trunk, wanted.branches, keyValues, past !== undefined],
      ...[temperature, entropyGradient],
    ].join(),
    variables: [...Object.values(policy.parameters), ...flat(past?.policy)],
    predict() {
      const layers: LayerKeyValues[] = [];
      const hidden_N_D = hiddenOf(policy, batch, {
        recompute,
        dropout,
        past: past?.policy,
        onKeyValues: keyValues ? (at) => layers.push(at) : undefined,
      });
      const predictions: tf.Tensor[] = [];
      if (wanted.trunk) {
        const read_R_D = embeddingLookup(hidden_N_D, trunk.rows_R);
        predictions.push(
          headTrains(policy)
            ? targetLogProbs(read_R_D, headWeight(policy), trunk.targets_R)
            : predictTokens(policy, read_R_D, trunk.targets_R).logProbs_N,
        );
      }
      if (wanted.branches) {
        const { logProbs_N, entropies_N } = ofBranches(policy, hidden_N_D);
        predictions.push(logProbs_N, entropies_N);
      }
      return [...predictions, ...flat(layers)];
    },
    loss(predictions) {
      const [logProbs_R, entropies_R] = predictions.slice(Number(wanted.trunk));
      const first = Number(wanted.trunk) + 2 * Number(wanted.branches);
      return loss({
        trunkLogProbs_N: wanted.trunk ? head(predictions[0], tree.trunkRows) : undefined,
        branches: wanted.branches
          ? {
              logProbs_M: head(logProbs_R, tree.branchRows),
              entropies_M: head(entropies_R, tree.branchRows),
              refLogProbs_M: refLogProbs_R && head(refLogProbs_R, tree.branchRows),
            }
          : undefined,
        keyValues: byLayer(predictions.slice(first)),
      });
    },
  });
  batch.dispose();
  tf.dispose([Object.values(trunk), Object.values(branch)]);
  refLogProbs_R?.dispose();
  return {
    value,
    gradients: namedGradients(names, gradients),
    // Zeros where a layer's past has no part in the loss, as the keys of a layer with one token.
    pastGradients: flat(past?.policy).map((x, i) => gradients[names.length + i] ?? tf.zerosLike(x)),
  };
}
