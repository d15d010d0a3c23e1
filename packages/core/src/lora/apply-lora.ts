import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import { type DropoutKey, type DropoutSeeds, dropout } from './dropout.js';
import { loraOf } from './lora-adapter.js';

type Lora = NonNullable<ReturnType<typeof loraOf>>;

/** scale·x·Aᵀ of several adapters that read the same, in one product; [N, R] each. */
function readTogether(x_N_I: tf.Tensor2D, loras: readonly Lora[]): tf.Tensor2D[] {
  const { scale } = loras[0];
  const ranks = loras.map(({ a_R_I }) => a_R_I.shape[0]);
  const a_S_I: tf.Tensor2D =
    loras.length === 1
      ? loras[0].a_R_I
      : tf.concat(
          loras.map(({ a_R_I }) => a_R_I),
          0,
        );
  const read_N_S = tf.mul<tf.Tensor2D>(tf.matMul(x_N_I, a_S_I, false, true), scale);
  return loras.length === 1 ? [read_N_S] : tf.split<tf.Tensor2D>(read_N_S, ranks, 1);
}

/**
 * Adds what the adapters of linear layers that read the same say: y + scale·(x·Aᵀ)·Bᵀ. Costs rank·(in + out) a token; the
 * layers' own weights take no part in it.
 *
 * @param ys_N_O what each frozen layer says
 * @param key drops some of each adapter's input; none is dropped without it
 * @param seeds of the key, where they were made before
 */
export function applyLora(
  policy: Policy,
  modules: readonly string[],
  x_N_I: tf.Tensor2D,
  ys_N_O: readonly tf.Tensor2D[],
  key?: DropoutKey,
  seeds?: DropoutSeeds,
): tf.Tensor2D[] {
  const share = key ? (policy.lora?.settings.dropout ?? 0) : 0;
  const adapted = modules.flatMap((module, i) => {
    const lora = loraOf(policy, module);
    return lora ? [{ i, module, lora }] : [];
  });
  if (adapted.length === 0) return [...ys_N_O];
  const reads_N_R =
    key && share > 0
      ? adapted.flatMap(({ module, lora }) => readTogether(dropout(x_N_I, share, key, module, seeds), [lora]))
      : readTogether(
          x_N_I,
          adapted.map(({ lora }) => lora),
        );
  const out_N_O = [...ys_N_O];
  adapted.forEach(({ i, lora }, at) => {
    out_N_O[i] = tf.add(ys_N_O[i], tf.matMul(reads_N_R[at], lora.b_O_R, false, true));
  });
  return out_N_O;
}
