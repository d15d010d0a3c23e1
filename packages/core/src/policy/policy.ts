import * as tf from '@tensorflow/tfjs-core';
import { type LoraAdapter, loraDelta } from '../lora/lora-adapter.js';
import type { ModelConfig } from '../model-files/model-config.js';

/** A decoder and what training changes of it. */
export interface Policy {
  readonly config: ModelConfig;
  /**
   * What is trained, float32: all weights under Hugging Face's names (`model.layers.0.self_attn.q_proj.weight`, …) in
   * the shapes of `expectedParameters(config)`; with an adapter its matrices alone
   * (`model.layers.0.self_attn.q_proj.lora_A.weight`, …).
   */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** What the parameters lie upon, where they are a low-rank adapter's. */
  readonly lora?: LoraAdapter;
}

/** All weights of the decoder, in the shapes of `expectedParameters(config)`: frozen ones where it has an adapter. */
export function weightsOf(policy: Policy): Policy['parameters'] {
  return (policy.lora?.base ?? policy).parameters;
}

/**
 * The matrix that turns hidden states into logits: its own, or the embedding's where they are tied; with what an adapter
 * of the head adds to it. [V, D] Call it in a `tf.tidy`.
 */
export function headWeight(policy: Policy): tf.Tensor2D {
  const name = policy.config.tieWordEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
  const weight_V_D = weightsOf(policy)[name] as unknown as tf.Tensor2D;
  const delta_V_D = loraDelta(policy, 'lm_head');
  return delta_V_D ? tf.add(weight_V_D, delta_V_D) : weight_V_D;
}

/** Whether training changes the head's matrix. */
export function headTrains({ lora, parameters }: Policy): boolean {
  return lora === undefined || 'lm_head.lora_A.weight' in parameters;
}

/** Releases the policy's weights, those below its adapter included. */
export function disposePolicy(policy: Policy): void {
  for (const parameter of Object.values(policy.parameters)) parameter.dispose();
  if (policy.lora) disposePolicy(policy.lora.base);
}
