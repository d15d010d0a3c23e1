import { embeddingLookup } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { type Attend, type DecoderPass, norm } from './decoder-layer.js';
import { type Policy, weightsOf } from './policy.js';
import { type RotaryAngles, rotaryAngles } from './rotary-table.js';
import { runLayer } from './run-layer.js';

/** Tokens laid side by side, without padding and without a batch dimension. */
export interface PackedTokens {
  readonly tokenIds: Int32Array;
  /** Place of each token in the sequence it belongs to, from 0. */
  readonly positions: Int32Array;
}

/** What the decoder reads of packed tokens. */
export interface TokenTensors extends RotaryAngles {
  /** int32 */
  readonly tokenIds_N: tf.Tensor1D;
}

/** Packed tokens as tensors; the caller disposes of them. */
export const tokenTensors = ({ config }: Policy, { tokenIds, positions }: PackedTokens): TokenTensors => ({
  tokenIds_N: tf.tensor1d(tokenIds, 'int32'),
  ...rotaryAngles(config, positions),
});

/**
 * Runs a Llama, Qwen2 or Qwen3 decoder over packed tokens up to its final norm. Differentiable in the policy's
 * parameters. Everything but `attend` works token by token, so documents, thoughts and rows of any lengths share
 * each matrix product.
 *
 * @returns hidden states [N, D], float32, ready for the head
 */
export function decode(
  policy: Policy,
  packed: PackedTokens,
  attend: Attend,
  pass: DecoderPass = {},
): tf.Tensor2D {
  return decodeTensors(policy, tokenTensors(policy, packed), attend, pass);
}

/** {@link decode}, from tensors: what a compiled computation calls, whose data must not lie on the host. */
export function decodeTensors(
  policy: Policy,
  { tokenIds_N, ...angles }: TokenTensors,
  attend: Attend,
  pass: DecoderPass = {},
): tf.Tensor2D {
  const embedding_V_D = weightsOf(policy)['model.embed_tokens.weight'] as unknown as tf.Tensor2D;
  let x_N_D = embeddingLookup(embedding_V_D, tokenIds_N);
  for (let layer = 0; layer < policy.config.layers; layer++) {
    x_N_D = runLayer(policy, layer, x_N_D, angles, attend, pass);
  }
  return norm(policy, 'model.norm', x_N_D);
}
