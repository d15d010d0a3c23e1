import { join } from 'node:path';
import type { NamedTensor } from '../model-files/named-tensor.js';
import { writeSafetensors } from '../model-files/write-safetensors.js';
import type { Policy } from '../policy/policy.js';
import { WEIGHTS_FILE, writeAdapterConfig } from './adapter-config.js';
import { PEFT_PREFIX } from './adapter-tensors.js';
import { baseReference } from './base-directory.js';
import { LoraError } from './lora-error.js';

/**
 * Writes a policy's adapter as a directory that PEFT and vLLM load, without the weights below it.
 * `adapter_config.json` comes last, so that a directory which has one is complete.
 *
 * @param baseDirectory where its base lies; the file names it by the path from `directory`. Absent: it names none
 * @throws LoraError where the policy has no adapter; DiskFullError, WriteError
 */
export async function saveAdapter(policy: Policy, directory: string, baseDirectory?: string): Promise<void> {
  if (!policy.lora) throw new LoraError(`${directory}: the policy has no adapter; save it as a model`);
  const tensors: [string, NamedTensor][] = [];
  for (const [name, parameter] of Object.entries(policy.parameters)) {
    const data = Float32Array.from(await parameter.data<'float32'>());
    tensors.push([PEFT_PREFIX + name, { shape: parameter.shape, data }]);
  }
  await writeSafetensors(join(directory, WEIGHTS_FILE), tensors);
  const base = baseDirectory === undefined ? undefined : baseReference(directory, baseDirectory);
  await writeAdapterConfig(directory, policy.lora.settings, base);
}
