import * as tf from '@tensorflow/tfjs-core';
import { dispatch, hasKernel, runKernel } from '../dispatch.js';
import { decodeAttentionReference } from './reference.js';

/** Names under which a backend may register its own version. */
export const DECODE_ATTENTION = 'MidtrainDecodeAttention';
export const CACHE_APPEND = 'MidtrainCacheAppend';

/** Keys and values that all M branches may attend to: a document's, stored once. */
export interface SharedKeyValues {
  /** [K, T, D] */
  readonly keys: tf.Tensor3D;
  /** [K, T, D] */
  readonly values: tf.Tensor3D;
  /** Additive mask: 0 where a branch sees the token, −1e9 where not. [M, T] */
  readonly mask: tf.Tensor2D;
}

/** Keys and values of each branch's own tokens, with room for S of them. */
export interface OwnKeyValues {
  /** [M, K, S, D] */
  readonly keys: tf.Tensor4D;
  /** [M, K, S, D] */
  readonly values: tf.Tensor4D;
  /** Additive mask of the columns in use. [M, S] */
  readonly mask: tf.Tensor2D;
}

/**
 * One decoding step's attention: the newest token of M branches over what they share and over their own tokens,
 * one softmax over both. The shared part is one matrix product for all branches. Not differentiable.
 *
 * @param q_M_H_D queries, float32; grouped-query attention as in `treeAttention`
 * @param own the branches' own tokens, this step's included
 * @param shared what they share, where there is such a thing
 * @param options.scale multiplies the scores; default 1/√D
 * @returns [M, H, D]
 */
export function decodeAttention(
  q_M_H_D: tf.Tensor3D,
  own: OwnKeyValues,
  shared?: SharedKeyValues,
  options: { readonly scale?: number } = {},
): tf.Tensor3D {
  const scale = options.scale ?? 1 / Math.sqrt(q_M_H_D.shape[2]);
  const inputs: tf.NamedTensorMap = {
    q: q_M_H_D,
    ownKeys: own.keys,
    ownValues: own.values,
    ownMask: own.mask,
  };
  if (shared) {
    inputs.sharedKeys = shared.keys;
    inputs.sharedValues = shared.values;
    inputs.sharedMask = shared.mask;
  }
  const [out] = dispatch(DECODE_ATTENTION, inputs, { scale }, () => [
    decodeAttentionReference(q_M_H_D, own, shared, scale),
  ]);
  return out as tf.Tensor3D;
}

/**
 * Writes one token of each branch into column `column` of a cache. Consumes `cache_M_K_S_D`: use only what is
 * returned, which may be the same memory, changed in place, where the backend can.
 *
 * @param rows_M_K_D the new keys or values
 */
export function appendToCache(
  cache_M_K_S_D: tf.Tensor4D,
  rows_M_K_D: tf.Tensor3D,
  column: number,
): tf.Tensor4D {
  if (hasKernel(CACHE_APPEND)) {
    const [appended] = runKernel(CACHE_APPEND, { cache: cache_M_K_S_D, rows: rows_M_K_D }, { column });
    cache_M_K_S_D.dispose();
    return appended as tf.Tensor4D;
  }
  const [, , capacity] = cache_M_K_S_D.shape;
  const updated = tf.tidy(() =>
    tf.concat(
      [
        cache_M_K_S_D.slice([0, 0, 0, 0], [-1, -1, column, -1]),
        rows_M_K_D.expandDims<tf.Tensor4D>(2),
        cache_M_K_S_D.slice([0, 0, column + 1, 0], [-1, -1, capacity - column - 1, -1]),
      ],
      2,
    ),
  );
  cache_M_K_S_D.dispose();
  return updated;
}
