import { tokenLogProbs } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerKeyValues } from '../policy/key-values.js';
import { headWeight, type Policy } from '../policy/policy.js';
import { type PackedTree, packTree } from './pack-tree.js';
import { readTokens } from './read-tokens.js';
import { yieldToEvents } from './yield-to-events.js';

export type { LayerKeyValues };

/** What one forward pass over a document says about each of its tokens. Arrays have the document's length. */
export interface DocumentReading {
  /** Entropy in nats of the prediction of each token; NaN for the first, which nothing predicts. */
  readonly entropies: Float32Array;
  /** Log-probability in nats of each token; NaN for the first. */
  readonly logProbs: Float32Array;
  /** Most likely token at each place; −1 for the first. */
  readonly greedyTokenIds: Int32Array;
}

/** Documents read once: what the branches attend to, and how hard each token is. Dispose of it after the step. */
export interface Trunk {
  readonly documents: readonly Int32Array[];
  /** First packed row of each document. */
  readonly starts: readonly number[];
  readonly layers: readonly LayerKeyValues[];
  readonly readings: readonly DocumentReading[];
  dispose(): void;
}

/** Log-probabilities, entropies and most likely tokens of what a tree's documents predict; releases the hidden states. */
async function readPredictions(
  policy: Policy,
  { trunkRows, trunkTargets }: PackedTree,
  hidden_N_D: tf.Tensor2D,
) {
  const read: tf.Tensor[] = [];
  try {
    const { logProbs_N, entropies_N, greedyIds_N } = tf.tidy(() => {
      const read_M_D = tf.gather(hidden_N_D, tf.tensor1d(trunkRows, 'int32'));
      return { ...tokenLogProbs(read_M_D, headWeight(policy), tf.tensor1d(trunkTargets, 'int32')) };
    });
    read.push(logProbs_N, entropies_N, greedyIds_N);
    hidden_N_D.dispose();
    return await Promise.all([logProbs_N.data(), entropies_N.data(), greedyIds_N.data()]);
  } finally {
    tf.dispose([hidden_N_D, read]);
  }
}

/**
 * Reads documents with one forward pass: the step's trunk (DESIGN, step 1). No gradients are kept.
 *
 * @throws whatever `signal` was aborted with before the pass
 */
export async function readTrunk(
  policy: Policy,
  documents: readonly Int32Array[],
  signal?: AbortSignal,
): Promise<Trunk> {
  await yieldToEvents(signal);
  const packed = packTree(documents, []);
  const { hidden_N_D, layers } = readTokens(policy, packed);
  const dispose = () => tf.dispose(layers.flatMap(({ keys, values }) => [keys, values]));
  const [logProbs, entropies, greedy] = await readPredictions(policy, packed, hidden_N_D).catch((error) => {
    dispose();
    throw error;
  });

  let start = 0;
  let row = 0;
  const starts: number[] = [];
  const readings = documents.map((document): DocumentReading => {
    const predicted = Math.max(0, document.length - 1);
    const reading = {
      entropies: new Float32Array(document.length).fill(Number.NaN),
      logProbs: new Float32Array(document.length).fill(Number.NaN),
      greedyTokenIds: new Int32Array(document.length).fill(-1),
    };
    reading.entropies.set(entropies.subarray(row, row + predicted), 1);
    reading.logProbs.set(logProbs.subarray(row, row + predicted), 1);
    reading.greedyTokenIds.set(greedy.subarray(row, row + predicted), 1);
    starts.push(start);
    start += document.length;
    row += predicted;
    return reading;
  });
  return { documents, starts, layers, readings, dispose };
}
