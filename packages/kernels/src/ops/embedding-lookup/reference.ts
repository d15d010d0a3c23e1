import * as tf from '@tensorflow/tfjs-core';
import { oneHotRows } from '../one-hot.js';

/** `embeddingLookup` in plain tfjs operations. */
export function embeddingLookupReference(weight_V_D: tf.Tensor, tokenIds_N: tf.Tensor): tf.Tensor[] {
  return tf.tidy(() => [tf.gather(weight_V_D, tokenIds_N as tf.Tensor1D)]);
}

/** Tokens whose one-hot rows are held at a time. */
const CHUNK_TOKENS = 256;

/**
 * Gradient of the table: every row of the gradient added to its token's row. As products with one-hot rows, because
 * `unsortedSegmentSum` is missing on some backends.
 */
export function embeddingLookupGradientReference(
  tokenIds_N: tf.Tensor,
  gradient_N_D: tf.Tensor,
  vocabularySize: number,
): tf.Tensor[] {
  return tf.tidy(() => {
    const [tokens, width] = gradient_N_D.shape;
    let total_V_D: tf.Tensor = tf.zeros([vocabularySize, width]);
    for (let start = 0; start < tokens; start += CHUNK_TOKENS) {
      const count = Math.min(CHUNK_TOKENS, tokens - start);
      const previous = total_V_D;
      total_V_D = tf.tidy(() => {
        const rows = tf.slice(gradient_N_D, [start, 0], [count, width]) as tf.Tensor2D;
        const oneHot = oneHotRows(tf.slice(tokenIds_N, [start], [count]), vocabularySize);
        return tf.add(previous, tf.matMul(oneHot, rows, true, false));
      });
      previous.dispose();
    }
    return [total_V_D];
  });
}
