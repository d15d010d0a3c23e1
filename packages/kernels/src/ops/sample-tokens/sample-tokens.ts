import type * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';
import { requireInput } from '../operation-input-error.js';
import { sampleTokensReference } from './reference.js';

/**
 * Inputs hidden [N, D], weight [V, D], uniforms [N]; attributes temperature, topK, topP (all set), chunkTokens (may be undefined);
 * outputs tokenIds (int32) and logProbs, each [N].
 */
export const SAMPLE_TOKENS = 'MidtrainSampleTokens';

/** Settings of `sampleTokens`. */
export interface SampleTokensOptions {
  /** Divides the logits; ≥ 0. 0 takes the most likely token. Default 1. */
  readonly temperature?: number;
  /** Only the k most likely tokens are drawn; a positive integer. Default: no limit. */
  readonly topK?: number;
  /** Only the most likely tokens that together hold this probability are drawn; 0 < topP ≤ 1. Default 1: all. */
  readonly topP?: number;
  /** Rows whose logits are held at a time; a positive integer. Default: what the backend runs fastest. */
  readonly chunkTokens?: number;
}

/** One token drawn for each row. */
export interface SampledTokens {
  /** int32 [N]. */
  readonly tokenIds_N: tf.Tensor1D;
  /**
   * Log-probability of each token in nats under softmax(logits / temperature), before top-k and top-p; at
   * temperature 0 under softmax(logits). float32 [N].
   */
  readonly logProbs_N: tf.Tensor1D;
}

/**
 * Draws a token for every row from softmax(hidden · weightᵀ / temperature): the first token, in the order of ids, at
 * which the running sum of probabilities exceeds the row's uniform number. The caller's numbers decide all, so a seed
 * gives the same tokens on every backend, up to rounding of the sums.
 *
 * Top-k, then top-p, as `transformers` orders them; tokens that tie with the last one kept stay too. No gradient.
 *
 * @param hidden_N_D last hidden states; float32
 * @param weight_V_D the output head (or the tied embedding); float32
 * @param uniforms_N one number in [0, 1) a row; not read at temperature 0; float32
 * @throws {OperationInputError} when shapes or options do not fit
 */
export function sampleTokens(
  hidden_N_D: tf.Tensor2D,
  weight_V_D: tf.Tensor2D,
  uniforms_N: tf.Tensor1D,
  options: SampleTokensOptions = {},
): SampledTokens {
  const vocabularySize = weight_V_D.shape[0];
  const { temperature = 1, topK = vocabularySize, topP = 1, chunkTokens } = options;
  requireInput(
    hidden_N_D.shape.length === 2 && hidden_N_D.shape[1] === weight_V_D.shape[1],
    () =>
      `sampleTokens: expected hidden [N, D] and weight [V, D], got [${hidden_N_D.shape}] and [${weight_V_D.shape}]`,
  );
  requireInput(
    `${uniforms_N.shape}` === `${hidden_N_D.shape[0]}`,
    () => `sampleTokens: expected uniforms [${hidden_N_D.shape[0]}], got [${uniforms_N.shape}]`,
  );
  requireInput(temperature >= 0, () => `sampleTokens: temperature must not be negative, got ${temperature}`);
  requireInput(topP > 0 && topP <= 1, () => `sampleTokens: topP must be in (0, 1], got ${topP}`);
  for (const [name, value] of Object.entries({ topK, chunkTokens })) {
    requireInput(
      value === undefined || (Number.isInteger(value) && value > 0),
      () => `sampleTokens: ${name} must be a positive integer, got ${value}`,
    );
  }
  const attributes = { temperature, topK, topP, chunkTokens };
  const inputs = { hidden: hidden_N_D, weight: weight_V_D, uniforms: uniforms_N };
  const [tokenIds_N, logProbs_N] = dispatch(SAMPLE_TOKENS, inputs, attributes, () =>
    sampleTokensReference(hidden_N_D, weight_V_D, uniforms_N, attributes),
  ) as tf.Tensor1D[];
  return { tokenIds_N, logProbs_N };
}
