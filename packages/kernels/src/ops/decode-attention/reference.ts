import * as tf from '@tensorflow/tfjs-core';
import type { OwnKeyValues, SharedKeyValues } from './decode-attention.js';

/** `decodeAttention` in plain tfjs operations: the definition that specialisations are tested against. */
export function decodeAttentionReference(
  q_M_H_D: tf.Tensor3D,
  own: OwnKeyValues,
  shared: SharedKeyValues | undefined,
  scale: number,
): tf.Tensor3D {
  return tf.tidy(() => {
    const [branches, heads, headDim] = q_M_H_D.shape;
    const [, keyValueHeads, capacity] = own.keys.shape;
    const perKey = heads / keyValueHeads;
    const q_M_K_F_D = q_M_H_D.mul(scale).reshape<tf.Tensor4D>([branches, keyValueHeads, perKey, headDim]);
    const ownScores = tf
      .matMul(q_M_K_F_D, own.keys, false, true)
      .add<tf.Tensor4D>(own.mask.reshape([branches, 1, 1, capacity]));
    if (!shared) {
      return tf.matMul(tf.softmax(ownScores), own.values).reshape<tf.Tensor3D>([branches, heads, headDim]);
    }
    const [documents, , tokens] = shared.keys.shape;
    const { readers } = shared;
    // [M, …] → [L, P, …] and back: every document beside its readers.
    const gather = (x: tf.Tensor, rows?: tf.Tensor) => (rows ? tf.gather(x, tf.reshape(rows, [-1])) : x);
    const toDocuments = (x: tf.Tensor, width: number): tf.Tensor4D =>
      gather(x, readers?.branches)
        .reshape([documents, -1, keyValueHeads, perKey, width])
        .transpose([0, 2, 1, 3, 4])
        .reshape([documents, keyValueHeads, -1, width]);
    const fromDocuments = (x: tf.Tensor, width: number): tf.Tensor4D =>
      gather(
        x
          .reshape([documents, keyValueHeads, -1, perKey, width])
          .transpose([0, 2, 1, 3, 4])
          .reshape([-1, keyValueHeads, perKey, width]),
        readers?.places,
      ) as tf.Tensor4D;
    const sharedScores = fromDocuments(
      tf.matMul(toDocuments(q_M_K_F_D, headDim), shared.keys, false, true),
      tokens,
    ).add(shared.mask.reshape([branches, 1, 1, tokens]));
    const weights = tf.softmax(tf.concat([sharedScores, ownScores], 3));
    const sharedWeights = weights.slice([0, 0, 0, 0], [-1, -1, -1, tokens]);
    const fromShared = fromDocuments(tf.matMul(toDocuments(sharedWeights, tokens), shared.values), headDim);
    const fromOwn = tf.matMul(weights.slice([0, 0, 0, tokens], [-1, -1, -1, capacity]), own.values);
    return tf.add(fromShared, fromOwn).reshape<tf.Tensor3D>([branches, heads, headDim]);
  });
}
