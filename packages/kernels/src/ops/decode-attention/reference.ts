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
    const tokens = shared.keys.shape[1];
    const byHead = q_M_K_F_D
      .transpose([1, 0, 2, 3])
      .reshape<tf.Tensor3D>([keyValueHeads, branches * perKey, headDim]);
    const sharedScores = tf
      .matMul(byHead, shared.keys, false, true)
      .reshape<tf.Tensor4D>([keyValueHeads, branches, perKey, tokens])
      .transpose<tf.Tensor4D>([1, 0, 2, 3])
      .add<tf.Tensor4D>(shared.mask.reshape([branches, 1, 1, tokens]));
    const weights = tf.softmax(tf.concat([sharedScores, ownScores], 3));
    const sharedWeights = weights
      .slice([0, 0, 0, 0], [-1, -1, -1, tokens])
      .transpose([1, 0, 2, 3])
      .reshape<tf.Tensor3D>([keyValueHeads, branches * perKey, tokens]);
    const fromShared = tf
      .matMul(sharedWeights, shared.values)
      .reshape([keyValueHeads, branches, perKey, headDim])
      .transpose([1, 0, 2, 3]);
    const fromOwn = tf.matMul(weights.slice([0, 0, 0, tokens], [-1, -1, -1, capacity]), own.values);
    return tf.add(fromShared, fromOwn).reshape<tf.Tensor3D>([branches, heads, headDim]);
  });
}
