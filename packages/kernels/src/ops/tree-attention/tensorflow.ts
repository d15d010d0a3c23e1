import * as tf from '@tensorflow/tfjs-core';
import { type TensorflowKernel, tensorflowKernel } from '../tensorflow-kernel.js';
import type { AttentionGroup } from './attention-group.js';
import { attentionBackward, attentionForward, attentionPlan } from './planned-attention.js';
import { TREE_ATTENTION, TREE_ATTENTION_GRADIENT } from './tree-attention.js';

interface Attributes {
  readonly groups: readonly AttentionGroup[];
  readonly scale: number;
}

interface Inputs {
  readonly q: tf.Tensor;
  readonly k: tf.Tensor;
  readonly v: tf.Tensor;
}

const planOf = (q: tf.Tensor, k: tf.Tensor, groups: readonly AttentionGroup[]) =>
  attentionPlan(groups, q.shape[0], { keyRows: k.shape[0] });

/** `treeAttention` in one operation of the binding's, or in a few large ones, all blocks at once. */
export const TREE_ATTENTION_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<Inputs, Attributes>(
    TREE_ATTENTION,
    ({ inputs: { q, k, v }, attributes: { groups, scale } }) =>
      tf.tidy(() => attentionForward({ q, k, v }, planOf(q, k, groups), scale)),
  ),
  tensorflowKernel<Inputs & { readonly gradient: tf.Tensor }, Attributes>(
    TREE_ATTENTION_GRADIENT,
    ({ inputs, attributes: { groups, scale } }) =>
      tf.tidy(() => attentionBackward(inputs, planOf(inputs.q, inputs.k, groups), scale)),
  ),
];
