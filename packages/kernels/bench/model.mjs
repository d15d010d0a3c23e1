// The model and the batch that the training-step benchmarks share.
import * as tf from '@tensorflow/tfjs-core';

export const MODEL = { dim: 128, layers: 4, heads: 4, vocabulary: 2048, hidden: 352, rows: 16, length: 128 };
export const EPSILON = 1e-5;
export const OPTIMIZER = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01 };

export function parameters({ dim, layers, vocabulary, hidden }) {
  let seed = 0;
  const normal = (shape, scale) => tf.variable(tf.randomNormal(shape, 0, scale, 'float32', ++seed));
  const ones = () => tf.variable(tf.ones([dim]));
  return {
    embedding: normal([vocabulary, dim], 0.02),
    final: ones(),
    layers: Array.from({ length: layers }, () => ({
      norm1: ones(),
      q: normal([dim, dim], 0.06),
      k: normal([dim, dim], 0.06),
      v: normal([dim, dim], 0.06),
      o: normal([dim, dim], 0.03),
      norm2: ones(),
      gate: normal([dim, hidden], 0.06),
      up: normal([dim, hidden], 0.06),
      down: normal([hidden, dim], 0.03),
    })),
  };
}

/** Token ids and targets of the batch, [rows · length] each. */
export function batch({ rows, length, vocabulary }) {
  const ids = (id) => {
    const values = Int32Array.from({ length: rows * length }, (_, i) => id(i) % vocabulary);
    return tf.tensor1d(values, 'int32');
  };
  return { ids: ids((i) => i * 7919 + (i >> 3)), targets: ids((i) => i * 104729) };
}

/** Angle of a position's pair of dimensions, as rotary embedding turns it. */
export const angle = (position, pair, headDim) => position * 10000 ** (-pair / (headDim / 2));
