import * as tf from '@tensorflow/tfjs-core';
import { oneHotRows } from '../one-hot.js';
import { chunksOf, REFERENCE_CHUNKS, rowsOfChunk } from '../token-log-probs/chunks.js';

/** What the kernels are told besides their tensors. */
export interface SampleTokensAttributes {
  /** 0 for greedy. */
  readonly temperature: number;
  /** The vocabulary size when there is no limit. */
  readonly topK: number;
  /** 1 when there is no limit. */
  readonly topP: number;
  /** The backend chooses when it is left out. */
  readonly chunkTokens?: number;
}

/** exp(logit − max), with zero for the tokens that top-k and top-p leave out. [C, V] */
function filteredWeights(weights_C_V: tf.Tensor2D, topK: number, topP: number): tf.Tensor2D {
  const vocabularySize = weights_C_V.shape[1];
  if (topK >= vocabularySize && topP >= 1) return weights_C_V;
  const { values: sorted } = tf.topk(weights_C_V, Math.min(topK, vocabularySize), true);
  // Transformers applies top-p to what top-k left: a token stays while those before it hold less than topP.
  const total = tf.sum(sorted, 1, true);
  const before = tf.cumsum(sorted, 1, true);
  const kept = topP >= 1 ? tf.onesLike(sorted) : tf.cast(tf.less(before, tf.mul(total, topP)), 'float32');
  const smallest = tf.min(tf.where(tf.greater(kept, 0), sorted, tf.fill(sorted.shape, 2)), 1, true);
  return tf.mul(weights_C_V, tf.cast(tf.greaterEqual(weights_C_V, smallest), 'float32'));
}

/** How many of a row's running sums are at or below the bound: the first index above it. [C] */
const firstAbove = (sums_C_V: tf.Tensor, bound_C_1: tf.Tensor): tf.Tensor =>
  tf.sum(tf.cast(tf.lessEqual(sums_C_V, bound_C_1), 'int32'), 1);

function draw(weights_C_V: tf.Tensor2D, uniforms_C: tf.Tensor): tf.Tensor {
  const size = weights_C_V.shape[1];
  const sums = tf.cumsum(weights_C_V, 1);
  const total = tf.slice(sums, [0, size - 1], [sums.shape[0], 1]);
  const drawn = firstAbove(sums, tf.mul(tf.reshape(uniforms_C, [-1, 1]), total));
  // Rounding can put u·total at the total itself: the last token with any weight is where the sums reach it.
  const last = tf.sum(tf.cast(tf.less(sums, total), 'int32'), 1);
  return tf.minimum(drawn, last);
}

/** `sampleTokens` in plain tfjs operations: token ids (int32) and log-probabilities, each [N]. */
export function sampleTokensReference(
  hidden_N_D: tf.Tensor,
  weight_V_D: tf.Tensor,
  uniforms_N: tf.Tensor,
  attributes: SampleTokensAttributes,
): tf.Tensor[] {
  const { temperature, topK, topP } = attributes;
  const { chunkTokens = rowsOfChunk(weight_V_D.shape[0] as number, REFERENCE_CHUNKS) } = attributes;
  return tf.tidy(() => {
    const [tokens, width] = hidden_N_D.shape;
    const vocabularySize = weight_V_D.shape[0];
    const scale = temperature === 0 ? 1 : 1 / temperature;
    const chunks = chunksOf(tokens, chunkTokens).map(([start, count]) =>
      tf.tidy(() => {
        const hidden_C_D = tf.slice(hidden_N_D, [start, 0], [count, width]) as tf.Tensor2D;
        const logits = tf.mul(tf.matMul(hidden_C_D, weight_V_D as tf.Tensor2D, false, true), scale);
        const shifted = tf.sub(logits, tf.max(logits, 1, true));
        const weights = tf.exp(shifted) as tf.Tensor2D;
        const ids = (
          temperature === 0
            ? tf.argMax(logits, 1)
            : draw(filteredWeights(weights, topK, topP), tf.slice(uniforms_N, [start], [count]))
        ) as tf.Tensor1D;
        const chosen = tf.sum(tf.mul(shifted, oneHotRows(ids, vocabularySize)), 1);
        return [ids, tf.sub(chosen, tf.log(tf.sum(weights, 1)))] as const;
      }),
    );
    if (chunks.length === 0) return [tf.zeros([0], 'int32'), tf.zeros([0])];
    return [tf.concat(chunks.map(([ids]) => ids)), tf.concat(chunks.map(([, logProbs]) => logProbs))];
  });
}
