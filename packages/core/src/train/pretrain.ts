import { type AdamWOptions, compiledOperation, type ProductType, type TraceSpan } from '@midtrain/kernels';
import { nextTokenLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import { type PackedTree, packTree } from '../tree/pack-tree.js';
import { yieldToEvents } from '../tree/yield-to-events.js';
import type { TrainingDocument } from './document.js';
import { documentOrder } from './document-order.js';
import { exampleParts } from './example-parts.js';
import type { LearningRate } from './learning-rate.js';
import { makeOptimiser } from './optimiser.js';
import { stepClock } from './step-clock.js';
import { DEFAULT_TOKENS_PER_PASS } from './tokens-per-pass.js';
import { captureTensors, restoreTensors, type TrainingState } from './training-state.js';
import { type PassesOptions, sumPasses, type UpdatePass, type UpdateSums } from './update-passes.js';

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
  /** At most as many as there are: a step reads none twice. */
  readonly documentsPerStep: number;
  readonly seed: number;
  readonly learningRate: LearningRate;
  readonly adamW?: AdamWOptions;
  /** Gradients are scaled down to this global norm. Default 1. */
  readonly clipNorm?: number;
  /** Most packed tokens of one forward and backward pass; a step's passes add up to the whole's. Default 3,072. */
  readonly maxTokensPerPass?: number;
  /** Computes each layer anew in the backward pass: less memory, more time, the same gradients. Default false. */
  readonly recompute?: boolean;
  /** In which type the layers' matrix products are computed in an update; weights and sums stay float32. Default float32. */
  readonly compute?: ProductType;
  /** Told of each part of a step when it has ended. */
  readonly onPart?: (part: TraceSpan) => void;
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

/** Documents and the thoughts given with them on the tree's layout, and where their tokens are predicted. */
function packExamples(documents: readonly PretrainingDocument[]): PackedTree {
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
  // All predictions count alike, those of documents and those of thoughts.
  return {
    ...tree,
    trunkRows: Int32Array.from([...tree.trunkRows, ...tree.branchRows]),
    trunkTargets: Int32Array.from([...tree.trunkTargets, ...tree.branchTargets]),
    branchRows: new Int32Array(),
    branchTargets: new Int32Array(),
  };
}

/** A pass over examples: its loss is their mean next-token loss in nats, times its share of the step. */
function examplePass(tree: PackedTree, share: number): UpdatePass {
  const count = tree.trunkRows.length;
  return {
    tree,
    wanted: { trunk: true, branches: false },
    loss({ trunkLogProbs_N }) {
      const loss = nextTokenLoss({ logProbs_N: trunkLogProbs_N as tf.Tensor1D, mask_N: tf.ones([count]) });
      return { loss: tf.mul<tf.Scalar>(loss, share), figures: {} };
    },
  };
}

/** Loss and gradients of a step's documents, in one pass or in several that add up to it. */
function exampleGradients(
  policy: Policy,
  documents: readonly PretrainingDocument[],
  maxTokens: number,
  options: PassesOptions,
): Promise<UpdateSums> {
  const parts = exampleParts(documents, maxTokens).map(packExamples);
  const predicted = parts.reduce((sum, { trunkRows }) => sum + trunkRows.length, 0);
  const passes = parts.map((part) => examplePass(part, part.trunkRows.length / Math.max(1, predicted)));
  return sumPasses(policy, passes, options);
}

/**
 * Plain next-token training of a policy, in place, step by step: pre-training, continued pre-training, and the cold
 * start that teaches the form of a thought from examples.
 *
 * @throws {TrainingOptionError} when an option does not fit
 * @throws {DivergenceError} when the loss or the gradient is not finite; the weights are then those of the step before
 * @throws whatever `options.signal` was aborted with, between two passes of a step
 */
export async function* pretrain(options: PretrainOptions): AsyncGenerator<PretrainReport, void, void> {
  const { policy, documents, totalSteps, seed, clipNorm = 1, resume, signal } = options;
  const { maxTokensPerPass = DEFAULT_TOKENS_PER_PASS, recompute } = options;
  const compiled = compiledOperation('a layer of the pre-training step', options.compute);
  const clock = stepClock(options.onPart);
  const documentsOf = documentOrder(documents.length, options.documentsPerStep, seed);
  const optimiser = makeOptimiser(policy, { adamW: options.adamW, clipNorm });
  const { state: moments } = optimiser;
  const origin = { seed, documents: documents.length };
  try {
    if (resume) restoreTensors(policy, moments, resume, origin);
    for (let step = resume?.progress.step ?? 0; step < totalSteps; step++) {
      await yieldToEvents(signal);
      const started = performance.now();
      clock.begin('update');
      const learningRate = options.learningRate(step);
      const { gradients, loss, tokens } = await exampleGradients(
        policy,
        documentsOf(step).map((index) => documents[index]),
        maxTokensPerPass,
        { recompute, compiled, dropout: { seed, pass: `step ${step}` }, signal },
      );
      clock.begin('optimiser');
      const gradientNorm = await optimiser.apply(gradients, { step, learningRate, losses: { loss } });
      clock.end();
      yield {
        metrics: {
          step,
          loss,
          gradientNorm,
          learningRate,
          tokens,
          seconds: (performance.now() - started) / 1000,
        },
        state: async () => ({
          tensors: await captureTensors(policy, moments),
          progress: { step: step + 1, optimiserStep: moments.step, random: {}, origin },
        }),
      };
    }
  } finally {
    compiled.dispose();
    optimiser.dispose();
  }
}
