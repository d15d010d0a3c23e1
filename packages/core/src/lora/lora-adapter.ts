import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import { type LoraSettings, loraScale } from './lora-options.js';

/** What an adapter's matrices, the policy's parameters, lie upon. */
export interface LoraAdapter {
  /** The frozen model, a policy itself: what the KL term holds to, without a second copy. */
  readonly base: Policy;
  readonly settings: LoraSettings;
}

/** Names of a module's two matrices among the policy's parameters. */
export function loraNames(module: string): { readonly a: string; readonly b: string } {
  return { a: `${module}.lora_A.weight`, b: `${module}.lora_B.weight` };
}

/** A linear layer's adapter: A [rank, in], B [out, rank] and what B·A is multiplied by; undefined where it has none. */
export function loraOf(policy: Policy, module: string) {
  const { a, b } = loraNames(module);
  const { lora, parameters } = policy;
  if (!lora || !parameters[a]) return undefined;
  return {
    a_R_I: parameters[a] as unknown as tf.Tensor2D,
    b_O_R: parameters[b] as unknown as tf.Tensor2D,
    scale: loraScale(lora.settings),
  };
}

/** scale·B·A, what the adapter adds to the module's weight, [out, in]; undefined where it has none. Differentiable. */
export function loraDelta(policy: Policy, module: string): tf.Tensor2D | undefined {
  const lora = loraOf(policy, module);
  return (
    lora && tf.tidy((): tf.Tensor2D => tf.matMul(lora.b_O_R, tf.mul<tf.Tensor2D>(lora.a_R_I, lora.scale)))
  );
}
