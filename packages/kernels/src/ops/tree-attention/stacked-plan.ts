import * as tf from '@tensorflow/tfjs-core';
import type { AttentionGroup } from './attention-group.js';
import { bucketSize } from './bucket-size.js';
import { type AttentionBlock, type BlockLimits, fillBlockMask, planBlocks } from './plan-blocks.js';
import type { PlanOptions } from './plan-options.js';

const MASKED = -1e9;

/** Small blocks, which many siblings fill well: all are brought to the size of the largest. */
const STACKED_BLOCKS: BlockLimits = { segmentTokens: 128, siblingTokens: 56 };

/** Blocks brought to one size and stacked. */
export interface BlockStack {
  /** B */
  readonly blocks: number;
  /** Q, queries of a block; those too many have `used` 0. */
  readonly queries: number;
  /** S, keys of a block; those too many are masked. */
  readonly keys: number;
  /** Packed row of each block's queries; absent where they are all rows in order. int32 [B·Q] */
  readonly queryRows?: tf.Tensor1D;
  /** Packed row of each block's keys; absent where they are all rows in order. int32 [B·S] */
  readonly keyRows?: tf.Tensor1D;
  /** 1 for queries that are rows, 0 for those too many; absent with `queryRows`. float32 [B·Q, 1] */
  readonly used?: tf.Tensor2D;
  /** 0 where a query sees a key, −1e9 where not. float32 [B, 1, Q, S] */
  readonly mask: tf.Tensor4D;
}

/** Who attends to what, as blocks of one size with masks: for backends that have no operation of their own for it. */
export interface StackedPlan {
  readonly kind: 'stacks';
  readonly key: string;
  /** Long blocks, of documents, apart from short ones, of branches: in one stack the one would pad the other. */
  readonly stacks: readonly BlockStack[];
  /** Place of each packed row among the stacks' queries, one stack after the other; absent with `queryRows`. int32 [N] */
  readonly places?: tf.Tensor1D;
  /** All of them, in a fixed order. */
  readonly tensors: readonly tf.Tensor[];
}

const countsUp = (rows: Int32Array, length: number): boolean =>
  rows.length === length && rows.every((row, index) => row === index);

interface StackSize {
  readonly blocks: number;
  readonly queries: number;
  readonly keys: number;
}

/** What a stack's tensors hold. */
function fillStack(planned: readonly AttentionBlock[], { blocks, queries, keys }: StackSize) {
  const queryRows = new Int32Array(blocks * queries);
  const keyRows = new Int32Array(blocks * keys);
  const used = new Float32Array(blocks * queries);
  const mask = new Float32Array(blocks * queries * keys).fill(MASKED);
  planned.forEach((block, b) => {
    const own = fillBlockMask(block, 0, new Float32Array(block.queries * block.keyCount));
    for (let i = 0; i < block.queries; i++) {
      const slot = b * queries + i;
      queryRows[slot] = block.queryStart + i;
      used[slot] = 1;
      mask.set(own.subarray(i * block.keyCount, (i + 1) * block.keyCount), slot * keys);
    }
    let at = b * keys;
    for (const { start, length } of block.keys) {
      for (let i = 0; i < length; i++) keyRows[at++] = start + i;
    }
  });
  return { queryRows, keyRows, used, mask };
}

/** Plans the attention of `groups` in stacks; see `attentionPlan`. */
export function stackedPlan(
  groups: readonly AttentionGroup[],
  rows: number,
  options: PlanOptions = {},
): StackedPlan {
  const size = (exact: number) => (options.buckets ? bucketSize(exact) : exact);
  const planned = planBlocks(groups, STACKED_BLOCKS);
  const isLong = ({ queries }: AttentionBlock) => queries > STACKED_BLOCKS.siblingTokens;
  const kinds = [planned.filter(isLong), planned.filter((block) => !isLong(block))];
  const parts = kinds
    .filter((kind) => kind.length > 0 || planned.length === 0)
    .slice(0, planned.length === 0 ? 1 : undefined)
    .map((kind) => ({
      kind,
      blocks: size(Math.max(1, kind.length)),
      queries: size(Math.max(1, ...kind.map((block) => block.queries))),
      keys: size(Math.max(1, ...kind.map((block) => block.keyCount))),
    }));
  const tokens = planned.reduce((sum, { queries }) => sum + queries, 0);
  const slots = parts.reduce((sum, { blocks, queries }) => sum + blocks * queries, 0);
  // Rows of nobody stand for an unused query.
  if (rows > tokens && slots === tokens) parts[parts.length - 1].blocks++;

  const filled = parts.map((part) => ({ ...part, ...fillStack(part.kind, part) }));
  const [first] = filled;
  const queriesInOrder = filled.length === 1 && countsUp(first.queryRows, rows);
  const keysInOrder = filled.length === 1 && countsUp(first.keyRows, options.keyRows ?? rows);
  const places = new Int32Array(rows).fill(-1);
  let before = 0;
  let unused = 0;
  for (const { used, queryRows } of filled) {
    queryRows.forEach((row, slot) => {
      if (used[slot] === 1) places[row] = before + slot;
      else unused = before + slot;
    });
    before += queryRows.length;
  }
  const placeRows = () =>
    tf.tensor1d(
      places.map((place) => (place < 0 ? unused : place)),
      'int32',
    );
  const stacks = filled.map(
    ({ blocks, queries, keys, queryRows, keyRows, used, mask }): BlockStack => ({
      blocks,
      queries,
      keys,
      ...(queriesInOrder
        ? {}
        : { queryRows: tf.tensor1d(queryRows, 'int32'), used: tf.tensor2d(used, [used.length, 1]) }),
      ...(keysInOrder ? {} : { keyRows: tf.tensor1d(keyRows, 'int32') }),
      mask: tf.tensor4d(mask, [blocks, 1, queries, keys]),
    }),
  );
  const placed = queriesInOrder ? {} : { places: placeRows() };
  return {
    kind: 'stacks',
    key: [
      ...parts.flatMap(({ blocks, queries, keys }) => [blocks, queries, keys]),
      queriesInOrder,
      keysInOrder,
    ].join(),
    stacks,
    ...placed,
    tensors: [
      ...stacks.flatMap(({ queryRows, keyRows, used, mask }) =>
        [queryRows, keyRows, used, mask].filter((tensor) => tensor !== undefined),
      ),
      ...Object.values(placed),
    ],
  };
}
