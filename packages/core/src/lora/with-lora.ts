import { seededRandom } from '@midtrain/curriculum';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import { loraNames } from './lora-adapter.js';
import { LoraError } from './lora-error.js';
import { type LoraOptions, loraSettings } from './lora-options.js';
import { targetedModules } from './target-modules.js';

/**
 * Puts a fresh adapter on a policy, whose weights are frozen from then on: the result's parameters are the adapter's
 * matrices alone. A is uniform in ±1/√in and B is 0, as PEFT starts, so that it predicts what its base does.
 *
 * @param base taken over: disposing of the result disposes of it too
 * @param seed decides A
 * @throws LoraError where an option is out of range, a target names no linear layer, or the base has an adapter already
 */
export function withLora(base: Policy, options: LoraOptions, seed: number): Policy {
  const settings = loraSettings(options);
  if (base.lora)
    throw new LoraError('lora: the model has an adapter already; train that one, or merge it first');
  const modules = targetedModules(base.config, settings.targetModules);
  if (settings.dropout > 0 && modules.has('lm_head')) {
    throw new LoraError(
      `lora.dropout: is ${settings.dropout}, expected 0 with lm_head among targetModules: the head takes no dropout`,
    );
  }
  const random = seededRandom(seed, 'lora');
  const parameters: Record<string, tf.Variable> = {};
  for (const [module, { out, in: width }] of modules) {
    const { a, b } = loraNames(module);
    const bound = 1 / Math.sqrt(width);
    const values = Float32Array.from(
      { length: settings.rank * width },
      () => bound * (2 * random.next() - 1),
    );
    parameters[a] = tf.tidy(() => tf.variable(tf.tensor2d(values, [settings.rank, width])));
    parameters[b] = tf.tidy(() => tf.variable(tf.zeros([out, settings.rank])));
  }
  return { config: base.config, parameters, lora: { base, settings } };
}
