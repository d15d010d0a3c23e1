import { outsideTape } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { partOf } from '../lora/dropout.js';
import type { LayerKeyValues } from '../policy/key-values.js';
import type { Policy } from '../policy/policy.js';
import { type PackedTree, packBranches, type TreePosition } from '../tree/pack-tree.js';
import { readTokens } from '../tree/read-tokens.js';
import { yieldToEvents } from '../tree/yield-to-events.js';
import { accumulate, type Gradients } from './gradients.js';
import { gradientsAlong } from './gradients-along.js';
import { type PassFigure, readFigures } from './pass-figures.js';
import {
  type PassPredictions,
  type PastKeyValues,
  type PredictionOptions,
  passGradients,
  type WantedPredictions,
} from './pass-predictions.js';

/** The part of an update's loss that one pass computes, and its figures by name. */
export interface PassLoss {
  readonly loss: tf.Scalar;
  readonly figures: Readonly<Record<string, PassFigure>>;
}

/** Branches that are computed after the documents that they continue. */
interface BranchPass {
  /** By index into the documents. */
  readonly positions: readonly TreePosition[];
  readonly loss: (predictions: PassPredictions) => PassLoss;
}

/** One forward and backward pass over packed tokens, or over documents and, one after the other, their branches. */
export interface UpdatePass {
  readonly tree: PackedTree;
  readonly wanted: WantedPredictions;
  readonly loss: (predictions: PassPredictions) => PassLoss;
  /** Branches of the tree, which then is of whole documents alone. */
  readonly after?: {
    readonly documents: readonly ArrayLike<number>[];
    readonly passes: readonly BranchPass[];
  };
}

/** What the passes of an update give together. */
export interface UpdateSums {
  readonly gradients: Gradients;
  readonly loss: number;
  /** Sums or means over all passes, by name. */
  readonly figures: Readonly<Record<string, number>>;
  /** Packed tokens that went forward and backward. */
  readonly tokens: number;
}

/** Sums over passes that have been computed and not been read yet. */
function running() {
  let gradients: Gradients | undefined;
  const losses: tf.Scalar[] = [];
  const figures: [string, PassFigure][] = [];
  let tokens = 0;
  return {
    /** Notes figures; hands on the loss. */
    note({ loss, figures: named }: PassLoss): tf.Scalar {
      figures.push(...Object.entries(named));
      return loss;
    },
    /** Adds a pass. Its tensors are taken over and outlive the scope that they were made in. */
    add(tree: PackedTree, pass: { readonly value: tf.Scalar; readonly gradients: Gradients }): void {
      gradients = accumulate(gradients, pass.gradients);
      for (const gradient of Object.values(gradients)) tf.keep(gradient);
      losses.push(tf.keep(pass.value));
      tokens += tree.tokenIds.length;
    },
    /** Reads the sums, and releases nothing. */
    async read(): Promise<UpdateSums> {
      let loss = 0;
      for (const value of losses) loss += (await value.data())[0];
      return { gradients: gradients ?? {}, loss, figures: await readFigures(figures), tokens };
    },
    /** Releases everything but the gradients, which belong to whoever has read them. */
    dispose(): void {
      tf.dispose([losses, figures.map(([, { value }]) => value)]);
    },
    disposeGradients(): void {
      tf.dispose(gradients ?? {});
    },
  };
}

/** Passes over branches whose documents' keys and values are known; returns the gradients of those. */
function branchPasses(
  policy: Policy,
  { documents, passes }: NonNullable<UpdatePass['after']>,
  past: PastKeyValues,
  sums: ReturnType<typeof running>,
  options: PredictionOptions,
): readonly tf.Tensor[] {
  const { dropout } = options;
  const pastRows = past.policy[0].keys.shape[0];
  let pastGradients: readonly tf.Tensor[] = [];
  for (const [index, { positions, loss }] of passes.entries()) {
    const tree = packBranches(documents, pastRows, positions);
    const pass = passGradients(
      policy,
      { tree, wanted: { trunk: false, branches: true }, past },
      (predictions) => sums.note(loss(predictions)),
      { ...options, dropout: dropout && partOf(dropout, index) },
    );
    sums.add(tree, pass);
    const before = pastGradients;
    pastGradients = pass.pastGradients.map((gradient, i) =>
      before.length > 0 ? tf.add(before[i], gradient) : gradient,
    );
    if (before.length > 0) tf.dispose([...before, ...pass.pastGradients]);
  }
  return pastGradients;
}

/** Each layer's keys and values of a tree's rows. The caller disposes of them. */
function readReference(reference: Policy, tree: PackedTree): readonly LayerKeyValues[] {
  const { hidden_N_D, layers } = readTokens(reference, tree);
  hidden_N_D.dispose();
  return layers;
}

/**
 * A pass over documents whose branches are computed in the middle of it: when the documents have gone forward, the branches
 * go forward and backward pass by pass over their keys and values; what comes out as gradients of those goes on backward
 * with the documents' own loss. By the chain rule the gradients are those of one pass over all, and the memory is that of
 * the documents and of one pass over branches.
 */
function documentPass(
  policy: Policy,
  { tree, wanted, loss, after }: UpdatePass & Required<Pick<UpdatePass, 'after'>>,
  sums: ReturnType<typeof running>,
  options: PredictionOptions,
): void {
  const reference = options.reference && readReference(options.reference, tree);
  try {
    const pass = passGradients(
      policy,
      { tree, wanted: { ...wanted, keyValues: true } },
      (predictions) => {
        const { keyValues } = predictions;
        const directions = outsideTape(() =>
          branchPasses(policy, after, { policy: keyValues, reference }, sums, options),
        );
        const through = gradientsAlong(
          keyValues.flatMap(({ keys, values }) => [keys, values]),
          directions,
        );
        return tf.add(sums.note(loss(predictions)), through);
      },
      options,
    );
    sums.add(tree, pass);
  } finally {
    tf.dispose(reference?.map(({ keys, values }) => [keys, values]) ?? []);
  }
}

/** How passes predict, and by what they are stopped. */
export interface PassesOptions extends PredictionOptions {
  readonly signal?: AbortSignal;
}

/**
 * Runs an update's passes one after the other and adds up their gradients and figures.
 *
 * @param options how the passes predict; each drops otherwise
 * @throws whatever `options.signal` was aborted with, between two passes; documents with their branches are one
 */
export async function sumPasses(
  policy: Policy,
  passes: readonly UpdatePass[],
  options: PassesOptions,
): Promise<UpdateSums> {
  const sums = running();
  const { signal, ...predicting } = options;
  const { dropout } = options;
  try {
    for (const [part, { after, ...pass }] of passes.entries()) {
      await yieldToEvents(signal);
      const asked = { ...predicting, dropout: dropout && partOf(dropout, part) };
      if (after) {
        documentPass(policy, { ...pass, after }, sums, asked);
      } else {
        const { tree, wanted, loss } = pass;
        sums.add(
          tree,
          passGradients(policy, { tree, wanted }, (predictions) => sums.note(loss(predictions)), asked),
        );
      }
    }
    return await sums.read();
  } catch (error) {
    sums.disposeGradients();
    throw error;
  } finally {
    sums.dispose();
  }
}
