import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import { type DropoutKey, type DropoutSeeds, dropout } from './dropout.js';
import { loraOf } from './lora-adapter.js';

/**
 * Adds what a linear layer's adapter says: y + scale·(x·Aᵀ)·Bᵀ. Costs rank·(in + out) a token; the layer's own weight
 * takes no part in it.
 *
 * @param y_N_O what the frozen layer says
 * @param key drops some of the adapter's input; none is dropped without it
 * @param seeds of the key, where they were made before
 */
export function applyLora(
  policy: Policy,
  module: string,
  x_N_I: tf.Tensor2D,
  y_N_O: tf.Tensor2D,
  key?: DropoutKey,
  seeds?: DropoutSeeds,
): tf.Tensor2D {
  const lora = loraOf(policy, module);
  if (!lora) return y_N_O;
  const share = policy.lora?.settings.dropout ?? 0;
  const read_N_I = key && share > 0 ? dropout(x_N_I, share, key, module, seeds) : x_N_I;
  const scaled_N_R = tf.mul<tf.Tensor2D>(tf.matMul(read_N_I, lora.a_R_I, false, true), lora.scale);
  return tf.add(y_N_O, tf.matMul(scaled_N_R, lora.b_O_R, false, true));
}
