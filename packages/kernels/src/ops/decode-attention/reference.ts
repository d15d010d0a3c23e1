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
    const ownScores = tf.matMul(q_M_K_F_D, own.keys, false, true);
    if (!shared) {
      const seen = tf.add<tf.Tensor4D>(ownScores, own.mask.reshape([branches, 1, 1, capacity]));
      return tf.matMul(tf.softmax(seen), own.values).reshape<tf.Tensor3D>([branches, heads, headDim]);
    }
    const [documents, , tokens] = shared.keys.shape;
    const { readers } = shared;
    const places = readers ? readers.branches.shape[1] : branches;
    const gather = (x: tf.Tensor, rows?: tf.Tensor) => (rows ? tf.gather(x, tf.reshape(rows, [-1])) : x);
    // Every document beside its readers, [M, K, F, …] → [L, K, P·F, …], and back.
    const toDocuments = (x: tf.Tensor, width: number): tf.Tensor4D =>
      gather(x, readers?.branches)
        .reshape([documents, places, keyValueHeads, perKey, width])
        .transpose([0, 2, 1, 3, 4])
        .reshape([documents, keyValueHeads, places * perKey, width]);
    const fromDocuments = (x: tf.Tensor, width: number): tf.Tensor4D =>
      gather(
        x
          .reshape([documents, keyValueHeads, places, perKey, width])
          .transpose([0, 2, 1, 3, 4])
          .reshape([documents * places, keyValueHeads, perKey, width]),
        readers?.places,
      ) as tf.Tensor4D;
    // The same for all layers, so that a graph computes it once.
    const mask = tf
      .tile(
        gather(tf.concat([shared.mask, own.mask], 1), readers?.branches).reshape([
          documents,
          places,
          1,
          tokens + capacity,
        ]),
        [1, 1, perKey, 1],
      )
      .reshape([documents, 1, places * perKey, tokens + capacity]);
    const sharedScores = tf.matMul(toDocuments(q_M_K_F_D, headDim), shared.keys, false, true);
    const scores = tf.concat([sharedScores, toDocuments(ownScores, capacity)], 3);
    const weights = tf.softmax(tf.add<tf.Tensor4D>(scores, mask));
    const sharedWeights = tf.slice(weights, [0, 0, 0, 0], [-1, -1, -1, tokens]);
    const ownWeights = tf.slice(weights, [0, 0, 0, tokens], [-1, -1, -1, capacity]);
    const fromShared = fromDocuments(tf.matMul(sharedWeights, shared.values), headDim);
    const fromOwn = tf.matMul(fromDocuments(ownWeights, capacity), own.values);
    return tf.add(fromShared, fromOwn).reshape<tf.Tensor3D>([branches, heads, headDim]);
  });
}
