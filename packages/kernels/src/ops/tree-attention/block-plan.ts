import * as tf from '@tensorflow/tfjs-core';
import type { AttentionGroup } from './attention-group.js';
import { planBlocks } from './plan-blocks.js';

const MASKED = -1e9;

/**
 * Who attends to what, as tensors: all blocks of a packed sequence, brought to one size and stacked. Sequences with the
 * same `key` differ in nothing but these tensors' values, so one compiled graph serves them all.
 */
export interface AttentionPlan {
  readonly key: string;
  /** B */
  readonly blocks: number;
  /** Q, queries of a block; those too many have `used` 0. */
  readonly queries: number;
  /** S, keys of a block; those too many are masked. */
  readonly keys: number;
  readonly tensors: {
    /** Packed row of each block's queries; absent where they are all rows in order. int32 [B·Q] */
    readonly queryRows?: tf.Tensor1D;
    /** Packed row of each block's keys; absent where they are all rows in order. int32 [B·S] */
    readonly keyRows?: tf.Tensor1D;
    /** Place of each packed row among the blocks' queries; absent with `queryRows`. int32 [N] */
    readonly places?: tf.Tensor1D;
    /** 1 for queries that are rows, 0 for those too many; absent with `queryRows`. float32 [B·Q, 1] */
    readonly used?: tf.Tensor2D;
    /** 0 where a query sees a key, −1e9 where not. float32 [B, 1, Q, S] */
    readonly mask: tf.Tensor4D;
  };
}

/**
 * Rounds a size up to one of few, so that few combinations are met and little is wasted.
 * @param steps sizes between two powers of two, 1, 2 or 4; a size grows by less than a share of 1/steps. Default 4.
 */
export function bucketSize(size: number, steps = 4): number {
  if (size <= steps) return size;
  const step = 2 ** Math.floor(Math.log2(size)) / steps;
  return Math.ceil(size / step) * step;
}

const countsUp = (rows: Int32Array, length: number): boolean =>
  rows.length === length && rows.every((row, index) => row === index);

/**
 * Plans the attention of `groups`.
 *
 * @param groups as for `treeAttention`
 * @param rows N, how many rows queries and outputs have; rows past the groups' tokens get some finite output and no
 *   gradient
 * @param options.buckets rounds sizes up, so that different groups share a key. Default false.
 * @param options.keyRows how many rows keys and values have. Default N.
 */
export function attentionPlan(
  groups: readonly AttentionGroup[],
  rows: number,
  options: { readonly buckets?: boolean; readonly keyRows?: number } = {},
): AttentionPlan {
  const size = (exact: number, steps: number) => (options.buckets ? bucketSize(exact, steps) : exact);
  const planned = planBlocks(groups);
  const queries = size(Math.max(1, ...planned.map((block) => block.queries)), 4);
  const keys = size(Math.max(1, ...planned.map((block) => block.keyCount)), 2);
  const blocks = size(Math.max(1, planned.length), 4);

  const queryRows = new Int32Array(blocks * queries);
  const keyRows = new Int32Array(blocks * keys);
  const places = new Int32Array(rows);
  const used = new Float32Array(blocks * queries);
  const mask = new Float32Array(blocks * queries * keys).fill(MASKED);
  planned.forEach((block, b) => {
    for (let i = 0; i < block.queries; i++) {
      const slot = b * queries + i;
      queryRows[slot] = block.queryStart + i;
      used[slot] = 1;
      places[block.queryStart + i] = slot;
      mask.set(block.mask.subarray(i * block.keyCount, (i + 1) * block.keyCount), slot * keys);
    }
    let at = b * keys;
    for (const { start, length } of block.keys) {
      for (let i = 0; i < length; i++) keyRows[at++] = start + i;
    }
  });
  const queriesInOrder = countsUp(queryRows, rows);
  const keysInOrder = countsUp(keyRows, options.keyRows ?? rows);
  return {
    key: [blocks, queries, keys, queriesInOrder, keysInOrder].join(),
    blocks,
    queries,
    keys,
    tensors: {
      ...(queriesInOrder
        ? {}
        : {
            queryRows: tf.tensor1d(queryRows, 'int32'),
            places: tf.tensor1d(places, 'int32'),
            used: tf.tensor2d(used, [used.length, 1]),
          }),
      ...(keysInOrder ? {} : { keyRows: tf.tensor1d(keyRows, 'int32') }),
      mask: tf.tensor4d(mask, [blocks, 1, queries, keys]),
    },
  };
}
