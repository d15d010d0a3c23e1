import * as tf from '@tensorflow/tfjs-core';
import { dispatch, hasKernel, runKernel } from '../dispatch.js';
import { requireInput } from '../operation-input-error.js';
import { decodeAttentionReference } from './reference.js';

/**
 * Names under which a backend may register its own version: inputs q, ownKeys, ownValues, ownMask and, where there are any,
 * sharedKeys, sharedValues and sharedMask; of several documents also `documents`, the index of the one that each branch
 * reads, int32 [M].
 */
export const DECODE_ATTENTION = 'MidtrainDecodeAttention';
export const DECODE_ATTENTION_OF_SEVERAL = 'MidtrainDecodeAttentionOfSeveral';
export const CACHE_APPEND = 'MidtrainCacheAppend';

/** Which of several documents each branch reads. */
export interface DocumentReaders {
  /** Branch in each of a document's P places; any, where a place is empty. int32 [L, P] */
  readonly branches: tf.Tensor2D;
  /** Each branch's place, document · P + place. int32 [M] */
  readonly places: tf.Tensor1D;
}

/** Keys and values that branches may attend to: those of L documents, stored once. */
export interface SharedKeyValues {
  /** [L, K, T, D] */
  readonly keys: tf.Tensor4D;
  /** [L, K, T, D] */
  readonly values: tf.Tensor4D;
  /** Additive mask: 0 where a branch sees its document's token, −1e9 where not. [M, T] */
  readonly mask: tf.Tensor2D;
  /** Who reads which document. Absent when there is one, which all M branches read. */
  readonly readers?: DocumentReaders;
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
 * one softmax over both. A document is one matrix product for all branches that read it. Not differentiable.
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
  const reference = () => [decodeAttentionReference(q_M_H_D, own, shared, scale)];
  const readers = shared?.readers;
  const [out] = readers
    ? tf.tidy(() => {
        if (!hasKernel(DECODE_ATTENTION_OF_SEVERAL)) return reference();
        const places = tf.scalar(readers.branches.shape[1], 'int32');
        const documents = tf.floorDiv(readers.places, places);
        return runKernel(DECODE_ATTENTION_OF_SEVERAL, { ...inputs, documents }, { scale });
      })
    : dispatch(DECODE_ATTENTION, inputs, { scale }, reference);
  return out as tf.Tensor3D;
}

/** Whether `appendToCache` changes the cache that it is given, instead of copying it. */
export const appendsInPlace = (): boolean => hasKernel(CACHE_APPEND);

/** Backends whose tensors lie on the host, where a column is checked before anything is written. */
const ON_HOST: ReadonlySet<string> = new Set(['cpu', 'wasm']);

function requireColumn(cache: tf.Tensor4D, column: tf.Scalar): void {
  if (!ON_HOST.has(tf.getBackend())) return;
  const [value] = column.dataSync();
  const capacity = cache.shape[2];
  requireInput(
    Number.isInteger(value) && value >= 0 && value < capacity,
    () => `appendToCache: column is ${value}, but the cache has columns for ${capacity} tokens, from 0 on`,
  );
}

/**
 * Writes one token of each branch into a column of a cache. Where `appendsInPlace()` the given cache is changed, and what is
 * returned is the same memory; else it is a copy. Read the cache through what is returned. The caller disposes of both.
 *
 * @param rows_M_K_D the new keys or values
 * @param column int32, below S. The caller sees to it on `tensorflow` and `webgpu`: there it may lie on a device, or stand
 *   for the columns of all of a graph's runs
 * @throws {OperationInputError} on `wasm` and `cpu`, when the cache has no such column
 */
export function appendToCache(
  cache_M_K_S_D: tf.Tensor4D,
  rows_M_K_D: tf.Tensor3D,
  column: tf.Scalar,
): tf.Tensor4D {
  requireColumn(cache_M_K_S_D, column);
  const inputs = { cache: cache_M_K_S_D, rows: rows_M_K_D, column };
  const [appended] = dispatch(CACHE_APPEND, inputs, {}, () => [
    tf.tidy(() => {
      const here = tf.equal(tf.range(0, cache_M_K_S_D.shape[2], 1, 'int32'), column);
      return tf.where(tf.reshape(here, [1, 1, -1, 1]), tf.expandDims(rows_M_K_D, 2), cache_M_K_S_D);
    }),
  ]);
  return appended as tf.Tensor4D;
}
