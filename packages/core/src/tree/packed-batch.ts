import { attentionPlan, bucketSize, canCompile, plannedAttention, treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { decodeTensors, type TokenTensors, tokenTensors } from '../policy/decoder.js';
import type { Attend, DecoderPass, LayerGraphs } from '../policy/decoder-layer.js';
import type { Policy } from '../policy/policy.js';
import type { PackedTree } from './pack-tree.js';

/**
 * A packed tree as tensors. Where graphs are compiled their sizes come in a few steps: every step of a run has other
 * lengths, but few combinations of sizes, so that there are few graphs. What is too much belongs to no document and is
 * read by nobody.
 */
export interface PackedBatch extends TokenTensors {
  readonly attend: Attend;
  /** All tensors that `attend` reads of its own, in a fixed order. */
  readonly reads: readonly tf.Tensor[];
  /** What decides a graph of `attend`, besides the tensors' shapes. */
  readonly key: string;
  dispose(): void;
}

/** Numbers, and zeros up to a size. */
export function padded(values: Int32Array, size: number): Int32Array {
  const out = new Int32Array(size);
  out.set(values);
  return out;
}

/** Lays a tree out. */
export function packedBatch(
  policy: Policy,
  tree: Pick<PackedTree, 'tokenIds' | 'positions' | 'pastRows' | 'groups'>,
): PackedBatch {
  const { length } = tree.tokenIds;
  // Every row too many costs a whole row's products, so that sizes here come closer together.
  const size = canCompile() ? bucketSize(length, 8) : length;
  const tokens = tokenTensors(policy, {
    tokenIds: padded(tree.tokenIds, size),
    positions: padded(tree.positions, size),
  });
  const keyRows = tree.pastRows + size;
  const plan = canCompile() ? attentionPlan(tree.groups, size, { buckets: true, keyRows }) : undefined;
  const reads = plan?.tensors ?? [];
  return {
    ...tokens,
    attend: plan
      ? (_, q, k, v) => plannedAttention(q, k, v, plan)
      : (_, q, k, v) => treeAttention(q, k, v, tree.groups),
    reads,
    key: plan?.key ?? '',
    dispose: () => tf.dispose([{ ...tokens }, ...reads]),
  };
}

/**
 * Hidden states of a batch's rows, differentiable where `graphs` is not a computation.
 *
 * @param graphs what runs the layers where they are compiled. Default: by operation
 */
export const hiddenOf = (
  policy: Policy,
  { tokenIds_N, cos_N_R, sin_N_R, attend, reads, key }: PackedBatch,
  pass: Omit<DecoderPass, 'graphs'> = {},
  graphs?: LayerGraphs['run'],
): tf.Tensor2D =>
  decodeTensors(policy, { tokenIds_N, cos_N_R, sin_N_R }, attend, {
    ...pass,
    graphs: graphs && { run: graphs, reads, key },
  });
