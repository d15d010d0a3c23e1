import { embeddingLookup, rmsNorm, rotary, swiGlu } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from './policy.js';
import { rotaryAngles } from './rotary-table.js';

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

/** Tokens laid side by side, without padding and without a batch dimension. */
export interface PackedTokens {
  readonly tokenIds: Int32Array;
  /** Place of each token in the sequence it belongs to, from 0. */
  readonly positions: Int32Array;
}

/** x·Wᵀ + b with the layer's weight [out, in], as Hugging Face stores it. */
function linear(policy: Policy, name: string, x_N_I: tf.Tensor2D): tf.Tensor2D {
  const weight_O_I = policy.parameters[`${name}.weight`] as unknown as tf.Tensor2D;
  const bias_O = policy.parameters[`${name}.bias`];
  const product_N_O: tf.Tensor2D = tf.matMul(x_N_I, weight_O_I, false, true);
  return bias_O ? tf.add<tf.Tensor2D>(product_N_O, bias_O) : product_N_O;
}

/**
 * Runs a Llama, Qwen2 or Qwen3 decoder over packed tokens up to its final norm. Differentiable in the policy's
 * parameters. Everything but `attend` works token by token, so documents, thoughts and rows of any lengths share
 * each matrix product.
 *
 * @returns hidden states [N, D], float32, ready for the head
 */
export function decode(policy: Policy, packed: PackedTokens, attend: Attend): tf.Tensor2D {
  const { config, parameters } = policy;
  const { heads, keyValueHeads, headDim, rmsNormEpsilon } = config;
  const tokens = packed.tokenIds.length;
  const { cos_N_R, sin_N_R } = rotaryAngles(config, packed.positions);
  const norm = (name: string, x_N_D: tf.Tensor2D): tf.Tensor2D =>
    rmsNorm(x_N_D, parameters[`${name}.weight`] as unknown as tf.Tensor1D, rmsNormEpsilon);
  const headNorm = (name: string, x_N_H_D: tf.Tensor3D): tf.Tensor3D =>
    parameters[`${name}.weight`]
      ? tf.reshape(norm(name, tf.reshape(x_N_H_D, [-1, headDim])), x_N_H_D.shape)
      : x_N_H_D;

  let x_N_D = embeddingLookup(
    parameters['model.embed_tokens.weight'] as unknown as tf.Tensor2D,
    tf.tensor1d(packed.tokenIds, 'int32'),
  );
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`;
    const project = (name: string, x: tf.Tensor2D, count: number): tf.Tensor3D =>
      tf.reshape(linear(policy, `${at}.self_attn.${name}`, x), [tokens, count, headDim]);

    const normed_N_D = norm(`${at}.input_layernorm`, x_N_D);
    const q_N_H_D = headNorm(`${at}.self_attn.q_norm`, project('q_proj', normed_N_D, heads));
    const k_N_K_D = headNorm(`${at}.self_attn.k_norm`, project('k_proj', normed_N_D, keyValueHeads));
    const v_N_K_D = project('v_proj', normed_N_D, keyValueHeads);
    const attended_N_H_D = attend(
      layer,
      rotary(q_N_H_D, cos_N_R, sin_N_R),
      rotary(k_N_K_D, cos_N_R, sin_N_R),
      v_N_K_D,
    );
    const attended_N_D: tf.Tensor2D = tf.reshape(attended_N_H_D, [tokens, heads * headDim]);
    x_N_D = tf.add(x_N_D, linear(policy, `${at}.self_attn.o_proj`, attended_N_D));

    const middle_N_D = norm(`${at}.post_attention_layernorm`, x_N_D);
    const gated_N_F = swiGlu(
      linear(policy, `${at}.mlp.gate_proj`, middle_N_D),
      linear(policy, `${at}.mlp.up_proj`, middle_N_D),
    );
    x_N_D = tf.add(x_N_D, linear(policy, `${at}.mlp.down_proj`, gated_N_F));
  }
  return norm('model.norm', x_N_D);
}
