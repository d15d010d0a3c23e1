import * as tf from '@tensorflow/tfjs-core';
import { ATTRIBUTE, type TensorflowBackend } from '../../trace/tensorflow-backend.js';
import { type TensorflowKernel, tensorflowKernel } from '../tensorflow-kernel.js';
import { chunksOf, REFERENCE_CHUNKS, rowsOfChunk } from '../token-log-probs/chunks.js';
import { type SampleTokensAttributes, sampleTokensReference } from './reference.js';
import { SAMPLE_TOKENS } from './sample-tokens.js';

/** Numbers 0, width, 2·width, … */
const firstOfRows = (rows: number, width: number): tf.Tensor1D =>
  tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(width, 'int32'));

/** For each row the first index at which its running sums exceed its bound, or at which they reach their end. int32 [C] */
function firstAbove(sums_C_N: tf.Tensor2D, bound_C_1: tf.Tensor): tf.Tensor1D {
  const [rows, columns] = sums_C_N.shape;
  const count = (below: tf.Tensor) => tf.sum<tf.Tensor1D>(tf.cast(below, 'int32'), 1);
  const total_C_1 = tf.slice(sums_C_N, [0, columns - 1], [rows, 1]);
  return tf.minimum(count(tf.lessEqual(sums_C_N, bound_C_1)), count(tf.less(sums_C_N, total_C_1)));
}

/**
 * Draws from probabilities: first a stretch of tokens, then a token of the stretch, so that running sums are taken over
 * two short rows instead of one of the vocabulary's length.
 */
function draw(p_C_V: tf.Tensor2D, uniforms_C: tf.Tensor): tf.Tensor1D {
  const [rows, vocabularySize] = p_C_V.shape;
  const width = Math.ceil(Math.sqrt(vocabularySize));
  const stretches = Math.ceil(vocabularySize / width);
  const missing = stretches * width - vocabularySize;
  const padded = missing === 0 ? p_C_V : tf.concat<tf.Tensor2D>([p_C_V, tf.zeros([rows, missing])], 1);
  const p_C_B_W: tf.Tensor3D = tf.reshape(padded, [rows, stretches, width]);
  const each_C_B = tf.sum<tf.Tensor2D>(p_C_B_W, 2);
  const sums_C_B = tf.cumsum<tf.Tensor2D>(each_C_B, 1);
  const total_C_1 = tf.slice(sums_C_B, [0, stretches - 1], [rows, 1]);
  const bound_C_1 = tf.mul(tf.reshape(uniforms_C, [rows, 1]), total_C_1);
  const stretch_C = firstAbove(sums_C_B, bound_C_1);
  const row_C = tf.add<tf.Tensor1D>(firstOfRows(rows, stretches), stretch_C);
  const inside_C_W = tf.gather<tf.Tensor2D>(tf.reshape(p_C_B_W, [rows * stretches, width]), row_C);
  const before_C_1 = tf.gather(tf.reshape(tf.cumsum(each_C_B, 1, true), [-1, 1]), row_C);
  const token_C = firstAbove(tf.cumsum<tf.Tensor2D>(inside_C_W, 1), tf.sub(bound_C_1, before_C_1));
  return tf.add(tf.mul(stretch_C, tf.scalar(width, 'int32')), token_C);
}

interface Inputs {
  readonly hidden: tf.Tensor2D;
  readonly weight: tf.Tensor2D;
  readonly uniforms: tf.Tensor1D;
}

/** Token ids, int32, and log-probabilities of some rows of logits. */
type DrawRows = (
  backend: TensorflowBackend,
  logits_C_V: tf.Tensor2D,
  uniforms_C: tf.Tensor1D,
  greedy: boolean,
) => readonly [tokenIds_C: tf.Tensor1D, logProbs_C: tf.Tensor1D];

const drawByOperations: DrawRows = (_, logits_C_V, uniforms_C, greedy) => {
  const [rows, vocabularySize] = logits_C_V.shape;
  const p_C_V = tf.softmax(logits_C_V);
  const ids_C = greedy ? tf.argMax<tf.Tensor1D>(logits_C_V, 1) : draw(p_C_V, uniforms_C);
  const places_C = tf.add<tf.Tensor1D>(firstOfRows(rows, vocabularySize), ids_C);
  return [ids_C, tf.log(tf.gather(tf.reshape<tf.Rank.R1>(p_C_V, [-1]), places_C))];
};

const drawByOwnOperation: DrawRows = (backend, logits_C_V, uniforms_C, greedy) => {
  const [ids_C, logProbs_C] = backend.executeMultipleOutputs(
    DRAW_TOKEN,
    [{ name: 'greedy', type: ATTRIBUTE.bool, value: greedy }],
    [logits_C_V, uniforms_C],
    2,
  ) as tf.Tensor1D[];
  return [tf.cast(ids_C, 'int32'), logProbs_C];
};

/** `sampleTokens` in few passes over the logits. Top-k and top-p are the reference's. */
const sampleBy = (drawRows: DrawRows): TensorflowKernel =>
  tensorflowKernel<Inputs, SampleTokensAttributes>(SAMPLE_TOKENS, ({ inputs, attributes, backend }) => {
    const { hidden, weight, uniforms } = inputs;
    const { temperature, topK, topP } = attributes;
    const [tokens, width] = hidden.shape;
    const [vocabularySize] = weight.shape;
    if (topK < vocabularySize || topP < 1 || tokens === 0) {
      return sampleTokensReference(hidden, weight, uniforms, attributes);
    }
    const { chunkTokens = rowsOfChunk(vocabularySize, REFERENCE_CHUNKS) } = attributes;
    return tf.tidy(() => {
      const chunks = chunksOf(tokens, chunkTokens).map(([start, count]) =>
        tf.tidy(() => {
          const rows: tf.Tensor2D = tf.slice(hidden, [start, 0], [count, width]);
          const scaled =
            temperature === 0 || temperature === 1 ? rows : tf.div<tf.Tensor2D>(rows, temperature);
          const logits_C_V: tf.Tensor2D = tf.matMul(scaled, weight, false, true);
          const uniforms_C: tf.Tensor1D = tf.slice(uniforms, [start], [count]);
          return [...drawRows(backend, logits_C_V, uniforms_C, temperature === 0)];
        }),
      );
      if (chunks.length === 1) return [...chunks[0]];
      return [tf.concat(chunks.map(([ids]) => ids)), tf.concat(chunks.map(([, logProbs]) => logProbs))];
    });
  });

export const SAMPLE_TOKENS_TENSORFLOW: readonly TensorflowKernel[] = [sampleBy(drawByOperations)];

/** The binding's operation (`native/draw_token.cc`). */
export const DRAW_TOKEN = 'MidtrainDrawToken';

/** The same where the binding has that operation. */
export const SAMPLE_TOKENS_OWN: readonly TensorflowKernel[] = [sampleBy(drawByOwnOperation)];
