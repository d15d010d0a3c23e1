import { appendToCache, decodeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerKeyValues } from './trunk.js';

export const MASKED = -1e9;

/** Keys and values of a lane's branches in one layer. */
interface LaneLayer {
  /** What all branches of the lane may attend to, [K, T, D]; absent when every branch carries its own prefix. */
  readonly shared?: { readonly keys: tf.Tensor3D; readonly values: tf.Tensor3D };
  /** [M, K, S, D], the first `column` columns in use. */
  ownKeys: tf.Tensor4D;
  ownValues: tf.Tensor4D;
}

/** Branches that decode together over one document's cache. */
export interface DecodeLane {
  /** Which branch each slot decodes, by index into the rollout. */
  branches: number[];
  /** Place of each slot's next token in its sequence. */
  positions: number[];
  readonly layers: readonly LaneLayer[];
  /** Who sees what of the shared part, [M, T] additive. */
  sharedMask?: tf.Tensor2D;
  /** Columns at the start of each slot's own cache that hold nothing. */
  padding: number[];
  /** Next free column of the own caches. */
  column: number;
  readonly capacity: number;
}

/** [rows, K, D] gathered from packed rows into caches [M, K, S, D] with room for `capacity` tokens. */
export function ownCache(
  packed_N_K_D: tf.Tensor3D,
  rows: Int32Array,
  branches: number,
  capacity: number,
): tf.Tensor4D {
  const [, heads, headDim] = packed_N_K_D.shape;
  const columns = rows.length / branches;
  return tf.tidy(() => {
    const gathered = tf.gather(packed_N_K_D, tf.tensor1d(rows, 'int32'));
    const own: tf.Tensor4D = tf.transpose(
      tf.reshape<tf.Rank.R4>(gathered, [branches, columns, heads, headDim]),
      [0, 2, 1, 3],
    );
    return tf.pad(own, [
      [0, 0],
      [0, 0],
      [0, capacity - columns],
      [0, 0],
    ]);
  });
}

/** A document's packed rows as caches for a whole lane, [K, T, D] each. */
export function sharedCache(layer: LayerKeyValues, start: number, length: number) {
  const headMajor = (x_N_K_D: tf.Tensor3D): tf.Tensor3D =>
    tf.tidy(() => tf.transpose(tf.slice(x_N_K_D, [start, 0, 0], [length, -1, -1]), [1, 0, 2]));
  return { keys: headMajor(layer.keys), values: headMajor(layer.values) };
}

/** Which of a lane's own columns each slot sees at this step, [M, S] additive. */
export function ownMask(lane: DecodeLane): tf.Tensor2D {
  const mask = new Float32Array(lane.branches.length * lane.capacity).fill(MASKED);
  lane.padding.forEach((padding, slot) => {
    mask.fill(0, slot * lane.capacity + padding, slot * lane.capacity + lane.column + 1);
  });
  return tf.tensor2d(mask, [lane.branches.length, lane.capacity]);
}

/** One layer of one step: puts the new tokens of the lane into its caches and attends. Rows are the lane's slots. */
export function attendLane(
  lane: DecodeLane,
  layer: number,
  mask_M_S: tf.Tensor2D,
  q_M_H_D: tf.Tensor3D,
  k_M_K_D: tf.Tensor3D,
  v_M_K_D: tf.Tensor3D,
): tf.Tensor3D {
  const at = lane.layers[layer];
  at.ownKeys = tf.keep(appendToCache(at.ownKeys, k_M_K_D, lane.column));
  at.ownValues = tf.keep(appendToCache(at.ownValues, v_M_K_D, lane.column));
  const shared = at.shared && lane.sharedMask ? { ...at.shared, mask: lane.sharedMask } : undefined;
  return decodeAttention(q_M_H_D, { keys: at.ownKeys, values: at.ownValues, mask: mask_M_S }, shared);
}

/** Gives up the places of ended branches: keeps the given slots, in order. */
export function compactLane(lane: DecodeLane, slots: readonly number[]): void {
  const keep = tf.tensor1d([...slots], 'int32');
  const gather = <T extends tf.Tensor>(x: T): T => {
    const kept = tf.gather(x, keep);
    x.dispose();
    return kept;
  };
  for (const layer of lane.layers) {
    layer.ownKeys = gather(layer.ownKeys);
    layer.ownValues = gather(layer.ownValues);
  }
  if (lane.sharedMask) lane.sharedMask = gather(lane.sharedMask);
  keep.dispose();
  const pick = (values: readonly number[]) => slots.map((slot) => values[slot]);
  lane.branches = pick(lane.branches);
  lane.positions = pick(lane.positions);
  lane.padding = pick(lane.padding);
}

/** Releases a lane's caches. */
export function disposeLane(lane: DecodeLane): void {
  for (const { shared, ownKeys, ownValues } of lane.layers) tf.dispose([shared, ownKeys, ownValues]);
  lane.sharedMask?.dispose();
}
