import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../dispatch.js';
import { withGradient } from '../with-gradient.js';
import { type AttentionGroup, checkAttentionGroups } from './attention-group.js';
import { attentionOfNone, requireAttentionInputs } from './attention-inputs.js';
import { treeAttentionReference } from './reference.js';

/**
 * Inputs q [M, H, D], k and v [N, K, D], attributes `TreeAttentionAttributes`; outputs out [M, H, D] and, where a gradient
 * may follow, anything that its kernel wants to read.
 */
export const TREE_ATTENTION = 'MidtrainTreeAttention';
/** Inputs q, k, v, out, gradient [M, H, D] and what the forward kernel left, as `lse`; outputs dq, dk, dv. */
export const TREE_ATTENTION_GRADIENT = 'MidtrainTreeAttentionGradient';

/** What the kernels are told besides their tensors. */
export interface TreeAttentionAttributes {
  readonly groups: readonly AttentionGroup[];
  readonly scale: number;
  /** Whether a gradient may follow. */
  readonly differentiable: boolean;
}

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
 * @throws {OperationInputError} when the tensors do not fit each other
 * @throws {AttentionGroupError} when the groups do not fit the tensors
 */
export function treeAttention(
  q_M_H_D: tf.Tensor3D,
  k_N_K_D: tf.Tensor3D,
  v_N_K_D: tf.Tensor3D,
  groups: readonly AttentionGroup[],
  options: { readonly scale?: number } = {},
): tf.Tensor3D {
  requireAttentionInputs('treeAttention', q_M_H_D, k_N_K_D, v_N_K_D);
  checkAttentionGroups(groups, q_M_H_D.shape[0], k_N_K_D.shape[0]);
  if (q_M_H_D.shape[0] === 0) return attentionOfNone(q_M_H_D, k_N_K_D, v_N_K_D);
  const scale = options.scale ?? 1 / Math.sqrt(q_M_H_D.shape[2]);
  if (!hasKernel(TREE_ATTENTION)) return treeAttentionReference(q_M_H_D, k_N_K_D, v_N_K_D, groups, scale);

  const differentiable = tf.engine().state.gradientDepth > 0;
  const attributes: TreeAttentionAttributes = { groups, scale, differentiable };
  return withGradient<tf.Tensor3D>([q_M_H_D, k_N_K_D, v_N_K_D], {
    forward: () => {
      const inputs = { q: q_M_H_D, k: k_N_K_D, v: v_N_K_D };
      const [out, ...left] = runKernel(TREE_ATTENTION, inputs, attributes);
      return { value: out as tf.Tensor3D, saved: [q_M_H_D, k_N_K_D, v_N_K_D, out, ...left] };
    },
    backward: (gradient, [q, k, v, out, lse]) =>
      runKernel(TREE_ATTENTION_GRADIENT, { q, k, v, out, gradient, ...(lse ? { lse } : {}) }, attributes),
  });
}
