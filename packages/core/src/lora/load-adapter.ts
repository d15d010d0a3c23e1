import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors, readSafetensorsHeader } from '../model-files/read-safetensors.js';
import { headWeight, type Policy, weightsOf } from '../policy/policy.js';
import { readAdapterConfig, WEIGHTS_FILE } from './adapter-config.js';
import { checkAdapterTensors, PEFT_PREFIX } from './adapter-tensors.js';
import { LoraError } from './lora-error.js';

/** The base's weight of a linear layer. */
function weightOf(base: Policy, module: string): tf.Tensor {
  return module === 'lm_head' ? headWeight(base) : weightsOf(base)[`${module}.weight`];
}

/** A copy of a base's weight must be the base's, or the adapter was trained on another model. */
async function requireEqual(
  file: string,
  name: string,
  copy: Float32Array,
  weight: tf.Tensor,
): Promise<void> {
  const own = await weight.data<'float32'>();
  if (copy.every((value, i) => value === own[i])) return;
  throw new LoraError(
    `${file}: ${name}: differs from the base model's weight; the adapter was trained on another base, or on this one in another precision`,
  );
}

/**
 * Loads a PEFT adapter directory (`adapter_config.json`, `adapter_model.safetensors`) onto its base. Names and shapes are
 * checked by the file's header before a value is read.
 *
 * @param base taken over and frozen: disposing of the result disposes of it too
 * @throws LoraError, SafetensorsError, naming file and field
 */
export async function loadAdapter(directory: string, base: Policy): Promise<Policy> {
  if (base.lora)
    throw new LoraError(`${directory}: the base model has an adapter already; merge that one first`);
  const adapter = await readAdapterConfig(directory);
  const file = join(directory, WEIGHTS_FILE);
  const header = await readSafetensorsHeader(file);
  const { settings, matrices, copies } = checkAdapterTensors(file, base.config, adapter, header);
  const read: Record<string, tf.Variable> = {};
  try {
    for await (const [name, { shape, data }] of readSafetensors(file)) {
      const copyOf = copies.get(name);
      if (copyOf !== undefined) await requireEqual(file, name, data, weightOf(base, copyOf));
      else read[name] = tf.tidy(() => tf.variable(tf.tensor(data, [...shape], 'float32')));
    }
  } catch (error) {
    tf.dispose(read);
    throw error;
  }
  const parameters = Object.fromEntries(
    [...matrices.keys()].map((name) => [name.slice(PEFT_PREFIX.length), read[name]]),
  );
  return { config: base.config, parameters, lora: { base, settings } };
}
