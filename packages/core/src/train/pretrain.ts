import { type AdamWOptions, adamW, embeddingLookup, tokenLogProbs, treeAttention } from '@midtrain/kernels';
import { nextTokenLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { decode } from '../policy/decoder.js';
import { headWeight, type Policy } from '../policy/policy.js';
import { packTree } from '../tree/pack-tree.js';
import type { TrainingDocument } from './document.js';
import { documentOrder } from './document-order.js';
import { policyGradients } from './gradients.js';
import type { LearningRate } from './learning-rate.js';
import { applyGradients } from './optimiser.js';
import { captureTensors, disposeAdamWState, restoreTensors, type TrainingState } from './training-state.js';

/** A thought given as an example at a position of a document: what a cold start learns from. */
export interface ThoughtExample {
  /** Index of the token that is predicted after the thought. */
  readonly position: number;
  /** Tokens put after the prefix, up to and including `<think>`. */
  readonly instruction: readonly number[];
  /** The thought, `</think>` and the prediction. */
  readonly tokenIds: readonly number[];
}

/** A document to pre-train on, with thoughts where it has some. */
export interface PretrainingDocument extends TrainingDocument {
  readonly thoughts?: readonly ThoughtExample[];
}

export interface PretrainOptions {
  /** Trained in place. */
  readonly policy: Policy;
  readonly documents: readonly PretrainingDocument[];
  readonly totalSteps: number;
  readonly documentsPerStep: number;
  readonly seed: number;
  readonly learningRate: LearningRate;
  readonly adamW?: AdamWOptions;
  /** Gradients are scaled down to this global norm. Default 1. */
  readonly clipNorm?: number;
  readonly resume?: TrainingState;
  readonly signal?: AbortSignal;
}

/** A step's figures. */
export interface PretrainMetrics {
  readonly step: number;
  /** Nats a predicted token, of documents and thoughts together. */
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly tokens: number;
  readonly seconds: number;
}

export interface PretrainReport {
  readonly metrics: PretrainMetrics;
  /** Copies all that a resumed run needs. Call it before asking for the next step. */
  state(): Promise<TrainingState>;
}

/** Mean next-token loss over documents and the thoughts given with them, on the tree's layout. */
function exampleLoss(policy: Policy, documents: readonly PretrainingDocument[]) {
  const tree = packTree(
    documents.map(({ tokenIds }) => tokenIds),
    documents.flatMap(({ thoughts = [] }, document) =>
      thoughts.map(({ position, instruction, tokenIds }) => ({
        document,
        position,
        instruction,
        branches: [tokenIds],
      })),
    ),
  );
  const loss = () => {
    const hidden_N_D = decode(policy, tree, (_, q, k, v) => treeAttention(q, k, v, tree.groups));
    const rows = Int32Array.from([...tree.trunkRows, ...tree.branchRows]);
    const targets = Int32Array.from([...tree.trunkTargets, ...tree.branchTargets]);
    const { logProbs_N } = tokenLogProbs(
      embeddingLookup(hidden_N_D, tf.tensor1d(rows, 'int32')),
      headWeight(policy),
      tf.tensor1d(targets, 'int32'),
    );
    return nextTokenLoss({ logProbs_N, mask_N: tf.ones([rows.length]) });
  };
  return { loss, tokens: tree.tokenIds.length };
}

/**
 * Plain next-token training of a policy, in place, step by step: pre-training, continued pre-training, and the cold
 * start that teaches the form of a thought from examples.
 */
export async function* pretrain(options: PretrainOptions): AsyncGenerator<PretrainReport, void, void> {
  const { policy, documents, totalSteps, seed, clipNorm = 1, resume, signal } = options;
  const optimiser = adamW(options.adamW);
  const moments = optimiser.init(policy.parameters);
  if (resume) restoreTensors(policy, moments, resume);
  const documentsOf = documentOrder(documents.length, options.documentsPerStep, seed);
  try {
    for (let step = resume?.progress.step ?? 0; step < totalSteps; step++) {
      signal?.throwIfAborted();
      const started = performance.now();
      const { loss, tokens } = exampleLoss(
        policy,
        documentsOf(step).map((index) => documents[index]),
      );
      const { value, gradients } = policyGradients(policy, loss);
      const learningRate = options.learningRate(step);
      const gradientNorm = await applyGradients(
        policy,
        gradients,
        { adamW: optimiser, state: moments, clipNorm },
        learningRate,
      );
      const [nats] = await value.data();
      value.dispose();
      yield {
        metrics: {
          step,
          loss: nats,
          gradientNorm,
          learningRate,
          tokens,
          seconds: (performance.now() - started) / 1000,
        },
        state: async () => ({
          tensors: await captureTensors(policy, moments),
          progress: { step: step + 1, optimiserStep: moments.step, random: {} },
        }),
      };
    }
  } finally {
    disposeAdamWState(moments);
  }
}
