import type * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../with-gradient.js';
import type { AttentionGroup } from './attention-group.js';
import { requireAttentionInputs } from './attention-inputs.js';
import { blockAttentionBackward, blockAttentionForward } from './block-attention.js';
import type { PlanOptions } from './plan-options.js';
import { attendsBySegments, segmentAttentionBackward, segmentAttentionForward } from './segment-attention.js';
import { type SegmentPlan, segmentPlan } from './segment-plan.js';
import { type StackedPlan, stackedPlan } from './stacked-plan.js';

/**
 * Who attends to what, as tensors. Sequences with the same `key` differ in nothing but these tensors' values, so one
 * compiled graph serves them all.
 */
export type AttentionPlan = SegmentPlan | StackedPlan;

/**
 * Plans the attention of `groups`, for the current backend.
 *
 * @param groups as for `treeAttention`
 * @param rows N, how many rows queries and outputs have; rows past the groups' tokens get some finite output and no
 *   gradient
 */
export const attentionPlan = (
  groups: readonly AttentionGroup[],
  rows: number,
  options: PlanOptions = {},
): AttentionPlan =>
  attendsBySegments() ? segmentPlan(groups, rows, options) : stackedPlan(groups, rows, options);

interface Attended {
  readonly q: tf.Tensor;
  readonly k: tf.Tensor;
  readonly v: tf.Tensor;
}

/** The attention's output in packed rows, [N, H, D]. */
export const attentionForward = (attended: Attended, plan: AttentionPlan, scale: number): tf.Tensor3D =>
  plan.kind === 'segments'
    ? segmentAttentionForward(attended, plan, scale)
    : blockAttentionForward(attended.q, attended.k, attended.v, plan, scale);

/** Gradients of q, k and v. */
export const attentionBackward = (
  attended: Attended & { readonly gradient: tf.Tensor },
  plan: AttentionPlan,
  scale: number,
): tf.Tensor3D[] =>
  plan.kind === 'segments'
    ? segmentAttentionBackward(attended, plan, scale)
    : blockAttentionBackward(attended, plan, scale);

/**
 * `treeAttention` with who sees what given as tensors, for computations that are compiled once and run for many trees.
 * Differentiable in q, k and v.
 *
 * @param q_N_H_D queries of all packed rows; float32
 * @param k_N_K_D keys, K divides H
 * @param v_N_K_D values
 * @param plan of `attentionPlan`, for N rows
 * @param options.scale multiplies the scores; default 1/√D
 * @returns [N, H, D]
 * @throws {OperationInputError} when the tensors do not fit each other
 */
export function plannedAttention(
  q_N_H_D: tf.Tensor3D,
  k_N_K_D: tf.Tensor3D,
  v_N_K_D: tf.Tensor3D,
  plan: AttentionPlan,
  options: { readonly scale?: number } = {},
): tf.Tensor3D {
  requireAttentionInputs('plannedAttention', q_N_H_D, k_N_K_D, v_N_K_D);
  const scale = options.scale ?? 1 / Math.sqrt(q_N_H_D.shape[2]);
  return withGradient<tf.Tensor3D>([q_N_H_D, k_N_K_D, v_N_K_D], {
    forward: () => ({
      value: attentionForward({ q: q_N_H_D, k: k_N_K_D, v: v_N_K_D }, plan, scale),
      saved: [q_N_H_D, k_N_K_D, v_N_K_D],
    }),
    backward: (gradient, [q, k, v]) => attentionBackward({ q, k, v, gradient }, plan, scale),
  });
}
