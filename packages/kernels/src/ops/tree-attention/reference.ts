import * as tf from '@tensorflow/tfjs-core';
import type { AttentionGroup } from './attention-group.js';

const MASKED = -1e9;

/** Keys (or values) that one segment attends to: its prefix, then itself. [S, K, D] */
function visible(x_N_K_D: tf.Tensor3D, group: AttentionGroup, start: number, length: number): tf.Tensor3D {
  const runs = [...group.prefix, { start, length }].filter((run) => run.length > 0);
  return tf.concat(
    runs.map((run) => tf.slice(x_N_K_D, [run.start, 0, 0], [run.length, -1, -1])),
    0,
  );
}

/** Additive mask of a segment's own part: 0 up to the query, a large negative number after it. [R, P + R] */
function causalMask(prefix: number, length: number): tf.Tensor2D {
  return tf.tidy(() => {
    const queries = tf.range(prefix, prefix + length, 1, 'int32').reshape([length, 1]);
    const keys = tf.range(0, prefix + length, 1, 'int32').reshape([1, prefix + length]);
    return tf.greater(keys, queries).cast('float32').mul<tf.Tensor2D>(MASKED);
  });
}

/**
 * Tree attention in plain, differentiable tfjs operations: segment by segment, with the keys it sees laid side
 * by side. The definition that specialisations are tested against; see `treeAttention` for shapes.
 */
export function treeAttentionReference(
  q_M_H_D: tf.Tensor3D,
  k_N_K_D: tf.Tensor3D,
  v_N_K_D: tf.Tensor3D,
  groups: readonly AttentionGroup[],
  scale: number,
): tf.Tensor3D {
  return tf.tidy(() => {
    const [, heads, headDim] = q_M_H_D.shape;
    const keyValueHeads = k_N_K_D.shape[1];
    const perKey = heads / keyValueHeads;
    const outputs: tf.Tensor3D[] = [];
    let row = 0;
    for (const group of groups) {
      let start = group.start;
      for (const length of group.lengths) {
        if (length > 0) {
          const keys_S_K_D = visible(k_N_K_D, group, start, length);
          const values_S_K_D = visible(v_N_K_D, group, start, length);
          const seen = keys_S_K_D.shape[0];
          const q_K_RF_D = tf
            .slice(q_M_H_D, [row, 0, 0], [length, -1, -1])
            .reshape([length, keyValueHeads, perKey, headDim])
            .transpose([1, 2, 0, 3])
            .reshape([keyValueHeads, perKey * length, headDim]);
          const scores = tf
            .matMul(q_K_RF_D, keys_S_K_D.transpose([1, 0, 2]), false, true)
            .mul(scale)
            .reshape([keyValueHeads * perKey, length, seen])
            .add(causalMask(seen - length, length));
          const weights = tf.softmax(scores).reshape([keyValueHeads, perKey * length, seen]);
          outputs.push(
            tf
              .matMul(weights, values_S_K_D.transpose([1, 0, 2]))
              .reshape([keyValueHeads, perKey, length, headDim])
              .transpose([2, 0, 1, 3])
              .reshape([length, heads, headDim]),
          );
        }
        start += length;
        row += length;
      }
    }
    return outputs.length === 1 ? outputs[0] : tf.concat(outputs, 0);
  });
}
