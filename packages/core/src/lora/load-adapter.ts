import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors, readSafetensorsHeader } from '../model-files/read-safetensors.js';
import type { Policy } from '../policy/policy.js';
import { readAdapterConfig, WEIGHTS_FILE } from './adapter-config.js';
import { loraNames } from './lora-adapter.js';
import { LoraError } from './lora-error.js';
import { targetedModules } from './target-modules.js';

/** What PEFT puts before a parameter's name. */
export const PEFT_PREFIX = 'base_model.model.';

/** Names of the adapter's tensors in PEFT's file, with their shapes. */
function expectedTensors(config: Policy['config'], targetModules: readonly string[], rank: number) {
  const expected = new Map<string, readonly number[]>();
  for (const [module, shape] of targetedModules(config, targetModules)) {
    const { a, b } = loraNames(module);
    expected.set(PEFT_PREFIX + a, [rank, shape.in]);
    expected.set(PEFT_PREFIX + b, [shape.out, rank]);
  }
  return expected;
}

function checkTensors(
  file: string,
  expected: ReadonlyMap<string, readonly number[]>,
  found: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): void {
  for (const [name, shape] of expected) {
    const actual = found.get(name)?.shape;
    if (actual?.join() === shape.join()) continue;
    const is = actual ? `is [${actual.join(', ')}]` : 'is missing';
    throw new LoraError(
      `${file}: ${name}: ${is}, expected [${shape.join(', ')}] by adapter_config.json and the base model`,
    );
  }
  for (const name of found.keys()) {
    if (!expected.has(name)) {
      throw new LoraError(
        `${file}: ${name}: is there, expected only the low-rank matrices of target_modules; save the adapter without other weights`,
      );
    }
  }
}

/**
 * Loads a PEFT adapter directory (`adapter_config.json`, `adapter_model.safetensors`) onto its base. Everything is
 * checked by the file's header before a value is read.
 *
 * @param base taken over and frozen: disposing of the result disposes of it too
 * @throws LoraError, SafetensorsError, naming file and field
 */
export async function loadAdapter(directory: string, base: Policy): Promise<Policy> {
  if (base.lora)
    throw new LoraError(`${directory}: the base model has an adapter already; merge that one first`);
  const { settings } = await readAdapterConfig(directory);
  const file = join(directory, WEIGHTS_FILE);
  const expected = expectedTensors(base.config, settings.targetModules, settings.rank);
  checkTensors(file, expected, await readSafetensorsHeader(file));
  const read: Record<string, tf.Variable> = {};
  for await (const [name, { shape, data }] of readSafetensors(file)) {
    read[name] = tf.tidy(() => tf.variable(tf.tensor(data, [...shape], 'float32')));
  }
  // In the order of the forward pass, whatever the file's: what is summed over parameters is then always the same.
  const parameters = Object.fromEntries(
    [...expected.keys()].map((name) => [name.slice(PEFT_PREFIX.length), read[name]]),
  );
  return { config: base.config, parameters, lora: { base, settings } };
}
