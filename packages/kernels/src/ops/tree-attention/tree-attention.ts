import type * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../dispatch.js';
import { withGradient } from '../with-gradient.js';
import { type AttentionGroup, checkAttentionGroups } from './attention-group.js';
import { treeAttentionReference } from './reference.js';

/** Names under which a backend may register its own forward and backward. */
export const TREE_ATTENTION = 'MidtrainTreeAttention';
export const TREE_ATTENTION_GRADIENT = 'MidtrainTreeAttentionGradient';

/**
 * Exact softmax attention over a packed forest: every token attends to its group's prefix and, causally, to its
 * own segment, so a prefix that many branches share is stored and multiplied once. Differentiable in q, k and v.
 *
 * Query heads are shared out over key-value heads in order (grouped-query attention): query head h reads
 * key-value head floor(h · K / H).
 *
 * @param q_M_H_D queries, the groups' tokens in order; float32
 * @param k_N_K_D keys of all packed tokens, K divides H; N may exceed M when earlier tokens are only attended to
 * @param v_N_K_D values of all packed tokens
 * @param groups who sees what, by index into the N keys
 * @param options.scale multiplies the scores; default 1/√D
 * @returns [M, H, D]
 * @throws {AttentionGroupError} when the groups do not fit the tensors
 */
export function treeAttention(
  q_M_H_D: tf.Tensor3D,
  k_N_K_D: tf.Tensor3D,
  v_N_K_D: tf.Tensor3D,
  groups: readonly AttentionGroup[],
  options: { readonly scale?: number } = {},
): tf.Tensor3D {
  const scale = options.scale ?? 1 / Math.sqrt(q_M_H_D.shape[2]);
  checkAttentionGroups(groups, q_M_H_D.shape[0], k_N_K_D.shape[0]);
  if (!hasKernel(TREE_ATTENTION)) return treeAttentionReference(q_M_H_D, k_N_K_D, v_N_K_D, groups, scale);

  const attributes = { groups, scale };
  return withGradient<tf.Tensor3D>([q_M_H_D, k_N_K_D, v_N_K_D], {
    forward: () => {
      const inputs = { q: q_M_H_D, k: k_N_K_D, v: v_N_K_D };
      const [out] = runKernel(TREE_ATTENTION, inputs, attributes);
      return { value: out as tf.Tensor3D, saved: [q_M_H_D, k_N_K_D, v_N_K_D, out] };
    },
    backward: (gradient, [q, k, v, out]) =>
      runKernel(TREE_ATTENTION_GRADIENT, { q, k, v, out, gradient }, attributes),
  });
}
