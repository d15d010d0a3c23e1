import { appendsInPlace, appendToCache, type DocumentReaders, decodeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { disposeReaders, documentReaders } from './document-readers.js';
import type { LayerKeyValues } from './trunk.js';

export const MASKED = -1e9;

/** Keys and values of a lane's branches in one layer. */
interface LaneLayer {
  /** What the branches may attend to of the lane's documents, [L, K, T, D]; absent when each carries its own prefix. */
  readonly shared?: { readonly keys: tf.Tensor4D; readonly values: tf.Tensor4D };
  /** [M, K, S, D], the first `column` columns in use. */
  ownKeys: tf.Tensor4D;
  ownValues: tf.Tensor4D;
}

/** What a lane's branches share. */
interface LanePrefix {
  /** Who sees what of its document, [M, T] additive. */
  mask_M_T: tf.Tensor2D;
  /** Where there are several documents: which of them each slot reads, places a document, and the same as tensors. */
  readonly several?: {
    documents: number[];
    readonly places: number;
    readers: DocumentReaders;
  };
}

/** Branches that decode together, over the caches of one document or, one stacked upon the other, of several. */
export interface DecodeLane {
  /** Which branch each slot decodes, by index into the rollout. */
  branches: number[];
  /** Place of each slot's next token in its sequence. */
  positions: number[];
  /** Columns at the start of each slot's own cache that hold nothing. */
  padding: number[];
  /** M, rows of the caches: one a slot, then those left empty by rounding up. */
  rows: number;
  readonly layers: readonly LaneLayer[];
  readonly prefix?: LanePrefix;
  /** Next free column of the own caches. */
  column: number;
  /** S */
  readonly capacity: number;
}

/** Rows of packed keys or values, as caches [count, K, S, D] with room for `capacity` tokens. */
function stackedCache(
  packed_N_K_D: tf.Tensor3D,
  rows: Int32Array,
  count: number,
  capacity = rows.length / count,
): tf.Tensor4D {
  const [, heads, headDim] = packed_N_K_D.shape;
  const columns = rows.length / count;
  return tf.tidy(() => {
    const gathered = tf.gather(packed_N_K_D, tf.tensor1d(rows, 'int32'));
    const cache: tf.Tensor4D = tf.transpose(
      tf.reshape<tf.Rank.R4>(gathered, [count, columns, heads, headDim]),
      [0, 2, 1, 3],
    );
    if (capacity === columns) return cache;
    return tf.pad(cache, [
      [0, 0],
      [0, 0],
      [0, capacity - columns],
      [0, 0],
    ]);
  });
}

/** Keys and values of the same rows. */
export const stackedCaches = (
  { keys, values }: LayerKeyValues,
  rows: Int32Array,
  count: number,
  capacity?: number,
): { readonly keys: tf.Tensor4D; readonly values: tf.Tensor4D } => ({
  keys: stackedCache(keys, rows, count, capacity),
  values: stackedCache(values, rows, count, capacity),
});

/** Which of a lane's own columns each row sees at this step, [M, S] additive. */
export function ownMask({ rows, capacity, column, padding }: DecodeLane): tf.Tensor2D {
  if (column >= capacity) throw new RangeError(`a cache of ${capacity} columns is full`);
  const mask = new Float32Array(rows * capacity).fill(MASKED);
  padding.forEach((empty, slot) => {
    mask.fill(0, slot * capacity + empty, slot * capacity + column + 1);
  });
  return tf.tensor2d(mask, [rows, capacity]);
}

/** What changes from step to step in how a lane attends. */
export interface LaneMoment {
  /** [M, S] */
  readonly mask: tf.Tensor2D;
  /** int32 */
  readonly column: tf.Scalar;
}

/** One layer of one step: puts the new tokens of the lane into its caches and attends. Rows are the lane's. */
export function attendLane(
  { layers, prefix }: DecodeLane,
  layer: number,
  { mask, column }: LaneMoment,
  q_M_H_D: tf.Tensor3D,
  k_M_K_D: tf.Tensor3D,
  v_M_K_D: tf.Tensor3D,
): tf.Tensor3D {
  const at = layers[layer];
  const keys = appendToCache(at.ownKeys, k_M_K_D, column);
  const values = appendToCache(at.ownValues, v_M_K_D, column);
  if (!appendsInPlace()) {
    tf.dispose([at.ownKeys, at.ownValues]);
    at.ownKeys = tf.keep(keys);
    at.ownValues = tf.keep(values);
  }
  const shared =
    at.shared && prefix
      ? { ...at.shared, mask: prefix.mask_M_T, readers: prefix.several?.readers }
      : undefined;
  return decodeAttention(q_M_H_D, { keys, values, mask }, shared);
}

/** Gives up the places of ended branches: keeps the given slots, in order, in so many rows. */
export function compactLane(lane: DecodeLane, slots: readonly number[], rows: number): void {
  const kept = new Int32Array(rows);
  kept.set(slots);
  const index = tf.tensor1d(kept, 'int32');
  const gather = <T extends tf.Tensor>(x: T): T => {
    const gathered = tf.gather(x, index);
    x.dispose();
    return gathered;
  };
  for (const layer of lane.layers) {
    layer.ownKeys = gather(layer.ownKeys);
    layer.ownValues = gather(layer.ownValues);
  }
  const pick = (values: readonly number[]) => slots.map((slot) => values[slot]);
  if (lane.prefix) {
    const { several } = lane.prefix;
    lane.prefix.mask_M_T = gather(lane.prefix.mask_M_T);
    if (several) {
      const [documents] = several.readers.branches.shape;
      disposeReaders(several.readers);
      several.documents = pick(several.documents);
      several.readers = documentReaders(several.documents, documents, several.places, rows);
    }
  }
  index.dispose();
  lane.branches = pick(lane.branches);
  lane.positions = pick(lane.positions);
  lane.padding = pick(lane.padding);
  lane.rows = rows;
}

/** Tensors of a lane that a step reads, but for what changes from step to step; in an order of their own. */
export const laneTensors = ({ layers, prefix }: DecodeLane): tf.Tensor[] => [
  ...layers.flatMap(({ shared, ownKeys, ownValues }) => [
    ownKeys,
    ownValues,
    ...(shared ? [shared.keys, shared.values] : []),
  ]),
  ...(prefix ? [prefix.mask_M_T] : []),
  ...(prefix?.several ? [prefix.several.readers.branches, prefix.several.readers.places] : []),
];

/** Releases a lane's caches. */
export const disposeLane = (lane: DecodeLane): void => tf.dispose(laneTensors(lane));
