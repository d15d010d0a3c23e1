import * as tf from '@tensorflow/tfjs-core';
import type { BlockStack, StackedPlan } from './stacked-plan.js';

/** [N, G, D] → [B, G, L, D]: rows taken by index, where they are not taken in order, then group by group. */
function toBlocks(x_N_G_D: tf.Tensor, rows: tf.Tensor1D | undefined, blocks: number): tf.Tensor4D {
  const [, groups, headDim] = x_N_G_D.shape;
  const taken = rows ? tf.gather(x_N_G_D, rows) : x_N_G_D;
  return tf.transpose(tf.reshape<tf.Rank.R4>(taken, [blocks, -1, groups, headDim]), [0, 2, 1, 3]);
}

/** [B, G, L, D] → [B·L, G, D] */
function fromBlocks(x_B_G_L_D: tf.Tensor4D): tf.Tensor3D {
  const [blocks, groups, length, headDim] = x_B_G_L_D.shape;
  return tf.reshape(tf.transpose(x_B_G_L_D, [0, 2, 1, 3]), [blocks * length, groups, headDim]);
}

/** [B, K·F, Q, D] as [B, K, F·Q, D]: the query heads that share a key head, under each other. */
const byKeyHead = (x_B_H_Q_D: tf.Tensor4D, keyHeads: number): tf.Tensor4D => {
  const [blocks, heads, queries, width] = x_B_H_Q_D.shape;
  return tf.reshape(x_B_H_Q_D, [blocks, keyHeads, (heads / keyHeads) * queries, width]);
};

interface Blocks {
  /** Queries times the scale, [B, K, F·Q, D]. */
  readonly q: tf.Tensor4D;
  /** [B, K, S, D] */
  readonly k: tf.Tensor4D;
  readonly v: tf.Tensor4D;
  /** Softmax weights, [B, K, F·Q, S]. */
  readonly p: tf.Tensor4D;
}

function weigh(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, stack: BlockStack, scale: number): Blocks {
  const { queryRows, keyRows, mask } = stack;
  const heads = q.shape[1] as number;
  const keyHeads = k.shape[1] as number;
  const scaled = byKeyHead(tf.mul(toBlocks(q, queryRows, stack.blocks), scale), keyHeads);
  const keys = toBlocks(k, keyRows, stack.blocks);
  const scores = tf.reshape(tf.matMul(scaled, keys, false, true), [
    stack.blocks,
    heads,
    stack.queries,
    stack.keys,
  ]);
  const p = byKeyHead(tf.softmax(tf.add<tf.Tensor4D>(scores, mask)), keyHeads);
  return { q: scaled, k: keys, v: toBlocks(v, keyRows, stack.blocks), p };
}

/** [B, K, F·Q, D] as rows [B·Q, H, D] */
const queryMajor = (x: tf.Tensor4D, heads: number, { blocks, queries }: BlockStack): tf.Tensor3D =>
  fromBlocks(tf.reshape(x, [blocks, heads, queries, x.shape[3]]));

/** The stacks' queries, one stack after the other, as packed rows. [N, H, D] */
function packed(rows: readonly tf.Tensor3D[], { places }: StackedPlan): tf.Tensor3D {
  const all = rows.length === 1 ? rows[0] : tf.concat([...rows], 0);
  return places ? tf.gather(all, places) : all;
}

/** Adds the stacks' keys up at the packed rows that they came from. */
function addUp(rows: readonly tf.Tensor3D[], { stacks }: StackedPlan, count: number): tf.Tensor3D {
  const indices = stacks.flatMap(({ keyRows }) => (keyRows ? [keyRows] : []));
  if (indices.length === 0) return rows[0];
  const [all, index] =
    rows.length === 1 ? [rows[0], indices[0]] : [tf.concat([...rows], 0), tf.concat(indices)];
  return tf.unsortedSegmentSum(all, index, count) as tf.Tensor3D;
}

/** The attention's output in packed rows, [N, H, D]. */
export function blockAttentionForward(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  plan: StackedPlan,
  scale: number,
): tf.Tensor3D {
  return tf.tidy(() => {
    const heads = q.shape[1] as number;
    const rows = plan.stacks.map((stack) => {
      const at = weigh(q, k, v, stack, scale);
      return queryMajor(tf.matMul(at.p, at.v), heads, stack);
    });
    return packed(rows, plan);
  });
}

/** Gradients of q, k and v. The weights are computed again, or found again by the graph's compiler. */
export function blockAttentionBackward(
  { q, k, v, gradient }: { q: tf.Tensor; k: tf.Tensor; v: tf.Tensor; gradient: tf.Tensor },
  plan: StackedPlan,
  scale: number,
): tf.Tensor3D[] {
  return tf.tidy(() => {
    const [, heads, headDim] = q.shape;
    const [keyCount, keyHeads] = k.shape;
    const parts = plan.stacks.map((stack) => {
      const { queryRows, used } = stack;
      const at = weigh(q, k, v, stack, scale);
      const taken = queryRows ? tf.gather(gradient, queryRows) : gradient;
      // Queries too many stand for row 0: what they would add to the keys' gradients must not count.
      const counted = used ? tf.mul(tf.reshape(taken, [used.shape[0], heads * headDim]), used) : taken;
      const dOut = byKeyHead(
        toBlocks(tf.reshape(counted, [-1, heads, headDim]), undefined, stack.blocks),
        keyHeads,
      );
      // Σ_keys p·dp = dOut·out, which is narrow (FlashAttention, arXiv 2205.14135).
      const along = tf.sum(tf.mul(dOut, tf.matMul(at.p, at.v)), -1, true);
      const ds: tf.Tensor4D = tf.mul(at.p, tf.sub(tf.matMul(dOut, at.v, false, true), along));
      return {
        dq: queryMajor(tf.mul(tf.matMul(ds, at.k), scale), heads, stack),
        dk: fromBlocks(tf.matMul(ds, at.q, true, false)),
        dv: fromBlocks(tf.matMul(at.p, dOut, true, false)),
      };
    });
    return [
      packed(
        parts.map(({ dq }) => dq),
        plan,
      ),
      addUp(
        parts.map(({ dk }) => dk),
        plan,
        keyCount,
      ),
      addUp(
        parts.map(({ dv }) => dv),
        plan,
        keyCount,
      ),
    ];
  });
}
