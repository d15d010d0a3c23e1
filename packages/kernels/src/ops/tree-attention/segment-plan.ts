import * as tf from '@tensorflow/tfjs-core';
import type { AttentionGroup } from './attention-group.js';
import { bucketSize } from './bucket-size.js';
import { joined } from './plan-blocks.js';
import type { PlanOptions } from './plan-options.js';

/** Who attends to what, as lists that an operation reads. */
export interface SegmentPlan {
  readonly kind: 'segments';
  readonly key: string;
  /**
   * For each segment its first query, its first own key, its length, its first run and how many runs it has; those that round
   * the number up have no length. float32 [S, 5]
   */
  readonly segments: tf.Tensor2D;
  /** Keys that a segment sees before its own: the first, and how many. float32 [R, 2] */
  readonly runs: tf.Tensor2D;
  readonly tensors: readonly tf.Tensor[];
}

/** Rows of numbers as a tensor, filled up with zeros to `count` rows. */
const listed = (rows: readonly (readonly number[])[], count: number, width: number): tf.Tensor2D => {
  const values = new Float32Array(count * width);
  values.set(rows.flat());
  return tf.tensor2d(values, [count, width]);
};

/** Plans the attention of `groups` in lists; see `attentionPlan`. */
export function segmentPlan(
  groups: readonly AttentionGroup[],
  rows: number,
  { buckets = false, keyRows = rows }: PlanOptions = {},
): SegmentPlan {
  const segments: number[][] = [];
  const runs: number[][] = [];
  let query = 0;
  for (const { start, lengths, prefix } of groups) {
    const seen = joined(prefix).map((run) => [run.start, run.length]);
    let before = 0;
    for (const length of lengths) {
      if (length > 0) segments.push([query + before, start + before, length, runs.length, seen.length]);
      before += length;
    }
    runs.push(...seen);
    query += before;
  }
  const size = (count: number) => (buckets ? bucketSize(Math.max(1, count)) : Math.max(1, count));
  const [segmentCount, runCount] = [size(segments.length), size(runs.length)];
  const lists = { segments: listed(segments, segmentCount, 5), runs: listed(runs, runCount, 2) };
  return {
    kind: 'segments',
    key: ['segments', segmentCount, runCount, rows, keyRows].join(),
    ...lists,
    tensors: Object.values(lists),
  };
}
