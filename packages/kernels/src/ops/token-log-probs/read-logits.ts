import * as tf from '@tensorflow/tfjs-core';
import { ATTRIBUTE, type TensorflowBackend } from '../../trace/tensorflow-backend.js';

/** How rows of logits are read on tensorflow. */
export interface LogitsReader {
  /** [C, V] */
  softmax(logits_C_V: tf.Tensor2D): tf.Tensor2D;
  /** Log-probabilities of the targets [C], and the softmax [C, V]. */
  targets(logits_C_V: tf.Tensor2D, targetIds_C: tf.Tensor1D): readonly [tf.Tensor1D, tf.Tensor2D];
  /** Log-probabilities of the targets, entropies, most likely tokens (int32) and logarithms of normalisers, [C] each. */
  columns(logits_C_V: tf.Tensor2D, targetIds_C: tf.Tensor1D): readonly tf.Tensor1D[];
}

/** x's element at a column of each row. [C] */
function elements(x_C_V: tf.Tensor2D, columns_C: tf.Tensor1D): tf.Tensor1D {
  const [rows, columns] = x_C_V.shape;
  const firsts = tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(columns, 'int32'));
  return tf.gather(tf.reshape(x_C_V, [-1]), tf.add<tf.Tensor1D>(firsts, columns_C));
}

/** log Σ exp z of each row: the softmax of the largest logit is 1 / Σ exp(z − max). [C] */
const logNormaliser = (logits: tf.Tensor2D, p: tf.Tensor2D): tf.Tensor1D =>
  tf.sub(tf.max<tf.Tensor1D>(logits, 1), tf.log(tf.max(p, 1)));

/** In a few of TensorFlow's operations. */
export const readByOperations = (): LogitsReader => ({
  softmax: (logits) => tf.softmax(logits),
  targets(logits, targetIds) {
    const p = tf.softmax(logits);
    return [tf.sub(elements(logits, targetIds), logNormaliser(logits, p)), p];
  },
  columns(logits, targetIds) {
    const p = tf.softmax(logits);
    const normalisers = logNormaliser(logits, p);
    return [
      tf.sub(elements(logits, targetIds), normalisers),
      tf.sub(normalisers, tf.sum(tf.mul(p, logits), 1)),
      tf.argMax(logits, 1),
      normalisers,
    ];
  },
});

/** The binding's operation (`native/spread_logits.cc`). */
export const SPREAD_LOGITS = 'MidtrainSpreadLogits';

/** In that one. */
export function readByOwnOperation(backend: TensorflowBackend): LogitsReader {
  const read = (logits_C_V: tf.Tensor2D, targets_C: tf.Tensor1D, spread: boolean) =>
    backend.executeMultipleOutputs(
      SPREAD_LOGITS,
      [{ name: 'spread', type: ATTRIBUTE.bool, value: spread }],
      [logits_C_V, tf.cast(targets_C, 'float32')],
      5,
    ) as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  return {
    softmax: (logits) => read(logits, tf.zeros([logits.shape[0]]), true)[0],
    targets(logits, targetIds) {
      const [p, logProbs] = read(logits, targetIds, true);
      return [logProbs, p];
    },
    columns(logits, targetIds) {
      const [, logProbs, entropies, greedy, normalisers] = read(logits, targetIds, false);
      return [logProbs, entropies, tf.cast(greedy, 'int32'), normalisers];
    },
  };
}
