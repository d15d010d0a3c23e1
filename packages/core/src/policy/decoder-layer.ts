import { type CompiledComputation, type CompiledOperation, rmsNorm, rotary, swiGlu } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { applyLora } from '../lora/apply-lora.js';
import type { DropoutKey, DropoutSeeds } from '../lora/dropout.js';
import { addResidual } from './add-residual.js';
import type { LayerKeyValues } from './key-values.js';
import type { LaidWeights } from './laid-weights.js';
import { type Policy, weightsOf } from './policy.js';
import type { RotaryAngles } from './rotary-table.js';

/**
 * What a layer's attention does with the packed tokens' queries, keys and values: the only part of the decoder
 * that knows which tokens see which. Training, prefill and decoding differ in nothing else.
 */
export type Attend = (
  layer: number,
  q_N_H_D: tf.Tensor3D,
  k_N_K_D: tf.Tensor3D,
  v_N_K_D: tf.Tensor3D,
) => tf.Tensor3D;

/** What training asks of a pass; reading and generating ask for nothing. */
export interface TrainingPass {
  /** Lets an adapter with dropout drop. */
  readonly dropout?: DropoutKey;
  /**
   * Keeps only what enters each layer, and computes the layer anew for its gradient: the same gradients in the memory of
   * one layer, for a third more time. `attend` is then called twice a layer. Default false.
   */
  readonly recompute?: boolean;
}

/** What lets layers run as graphs, which all layers of a kind share. */
export interface LayerGraphs {
  /** An operation, which gradients are taken through, or a computation, which they are not. */
  readonly run:
    | { readonly kind: 'operation'; readonly operation: CompiledOperation }
    | { readonly kind: 'computation'; readonly computation: CompiledComputation };
  /** All tensors that `attend` reads besides those that it is given. */
  readonly reads: readonly tf.Tensor[];
  /** Whatever else than shapes decides what `attend` does. */
  readonly key: string;
}

/** A pass over tokens that come after others, or before. */
export interface DecoderPass extends TrainingPass {
  /** Default: layers go by operation, as they do where there are no graphs. */
  readonly graphs?: LayerGraphs;
  /** Weights that stand for the policy's own, which then are not read. */
  readonly laid?: LaidWeights;
  /** Each layer's keys and values of the tokens before: `attend` gets them before the own ones. Differentiable. */
  readonly past?: readonly LayerKeyValues[];
  /** Given each layer's own keys and values, layer after layer. Differentiable. */
  readonly onKeyValues?: (keyValues: LayerKeyValues) => void;
}

/** A pass through one layer. */
export interface LayerPass extends DecoderPass {
  /** Of `dropout`, for the layer's modules, where it is to read them as a tensor. */
  readonly seeds?: DropoutSeeds;
}

/**
 * x·Wᵀ + b of linear layers that read the same, with their weights [out, in], as Hugging Face stores them, and what their
 * adapters add.
 */
function linears(
  policy: Policy,
  names: readonly string[],
  x_N_I: tf.Tensor2D,
  pass: LayerPass,
): tf.Tensor2D[] {
  const weights = weightsOf(policy);
  const products_N_O = names.map((name) => {
    const weight_O_I = weights[`${name}.weight`] as unknown as tf.Tensor2D;
    const bias_O = weights[`${name}.bias`];
    const laid_I_O = pass.laid?.get(name);
    const product_N_O: tf.Tensor2D = laid_I_O
      ? tf.matMul(x_N_I, laid_I_O)
      : tf.matMul(x_N_I, weight_O_I, false, true);
    return bias_O ? tf.add<tf.Tensor2D>(product_N_O, bias_O) : product_N_O;
  });
  return applyLora(policy, names, x_N_I, products_N_O, pass.dropout, pass.seeds);
}

/** One of {@link linears}. */
const linear = (policy: Policy, name: string, x_N_I: tf.Tensor2D, pass: LayerPass): tf.Tensor2D =>
  linears(policy, [name], x_N_I, pass)[0];

export function norm(policy: Policy, name: string, x_N_D: tf.Tensor2D): tf.Tensor2D {
  const weight_D = weightsOf(policy)[`${name}.weight`] as unknown as tf.Tensor1D;
  return rmsNorm(x_N_D, weight_D, policy.config.rmsNormEpsilon);
}

/** Qwen3's norm of each head; other families have none. */
function headNorm(policy: Policy, name: string, x_N_H_D: tf.Tensor3D): tf.Tensor3D {
  if (!weightsOf(policy)[`${name}.weight`]) return x_N_H_D;
  const rows = tf.reshape<tf.Rank.R2>(x_N_H_D, [-1, policy.config.headDim]);
  return tf.reshape(norm(policy, name, rows), x_N_H_D.shape);
}

const after = (past: LayerKeyValues, own: LayerKeyValues): LayerKeyValues => ({
  keys: tf.concat([past.keys, own.keys], 0),
  values: tf.concat([past.values, own.values], 0),
});

/** One layer: attention, then the gated feed-forward, each added to the residual stream. */
export function decodeLayer(
  policy: Policy,
  layer: number,
  x_N_D: tf.Tensor2D,
  { cos_N_R, sin_N_R }: RotaryAngles,
  attend: Attend,
  pass: LayerPass,
): tf.Tensor2D {
  const { heads, keyValueHeads, headDim } = policy.config;
  const at = `model.layers.${layer}`;
  const [tokens] = x_N_D.shape;
  const byHead = (x_N_O: tf.Tensor2D, count: number): tf.Tensor3D =>
    tf.reshape(x_N_O, [tokens, count, headDim]);

  const normed_N_D = norm(policy, `${at}.input_layernorm`, x_N_D);
  const attention = ['q_proj', 'k_proj', 'v_proj'].map((name) => `${at}.self_attn.${name}`);
  const [q_N_O, k_N_O, v_N_O] = linears(policy, attention, normed_N_D, pass);
  const q_N_H_D = headNorm(policy, `${at}.self_attn.q_norm`, byHead(q_N_O, heads));
  const k_N_K_D = headNorm(policy, `${at}.self_attn.k_norm`, byHead(k_N_O, keyValueHeads));
  const own = {
    keys: rotary(k_N_K_D, cos_N_R, sin_N_R),
    values: byHead(v_N_O, keyValueHeads),
  };
  pass.onKeyValues?.(own);
  const { keys, values } = pass.past ? after(pass.past[layer], own) : own;
  const attended_N_H_D = attend(layer, rotary(q_N_H_D, cos_N_R, sin_N_R), keys, values);
  const attended_N_D: tf.Tensor2D = tf.reshape(attended_N_H_D, [tokens, heads * headDim]);
  const after_N_D = addResidual(x_N_D, linear(policy, `${at}.self_attn.o_proj`, attended_N_D, pass));

  const middle_N_D = norm(policy, `${at}.post_attention_layernorm`, after_N_D);
  const feedForward = ['gate_proj', 'up_proj'].map((name) => `${at}.mlp.${name}`);
  const [gate_N_F, up_N_F] = linears(policy, feedForward, middle_N_D, pass);
  const gated_N_F = swiGlu(gate_N_F, up_N_F);
  return addResidual(after_N_D, linear(policy, `${at}.mlp.down_proj`, gated_N_F, pass));
}
