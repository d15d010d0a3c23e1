import type * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../model-files/model-config.js';

/** A decoder and its weights, under Hugging Face's names (`model.layers.0.self_attn.q_proj.weight`, …). */
export interface Policy {
  readonly config: ModelConfig;
  /** float32, in the shapes of `expectedParameters(config)`. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
}

/** The matrix that turns hidden states into logits: its own, or the embedding's where they are tied. [V, D] */
export function headWeight(policy: Policy): tf.Tensor2D {
  const name = policy.config.tieWordEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
  return policy.parameters[name] as unknown as tf.Tensor2D;
}

/** Releases the policy's weights. */
export function disposePolicy(policy: Policy): void {
  for (const parameter of Object.values(policy.parameters)) parameter.dispose();
}
