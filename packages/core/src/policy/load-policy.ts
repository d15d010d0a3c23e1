import * as tf from '@tensorflow/tfjs-core';
import { baseDirectoryOf, isAdapterDirectory } from '../lora/base-directory.js';
import { loadAdapter } from '../lora/load-adapter.js';
import { readModelDirectory } from '../model-files/read-model-directory.js';
import { disposePolicy, type Policy } from './policy.js';

/**
 * Loads a Hugging Face model directory onto the backend in use, one parameter at a time, as float32; or a PEFT adapter's
 * directory, with the model that it lies upon.
 *
 * @param options.baseDirectory the adapter's base; default what its `base_model_name_or_path` says, from its folder
 * @throws the errors of `readModelDirectory` and `loadAdapter`, naming file and field
 */
export async function loadPolicy(
  directory: string,
  options: { readonly baseDirectory?: string } = {},
): Promise<Policy> {
  if (await isAdapterDirectory(directory)) {
    const base = await loadPolicy(options.baseDirectory ?? (await baseDirectoryOf(directory)));
    try {
      return await loadAdapter(directory, base);
    } catch (error) {
      disposePolicy(base);
      throw error;
    }
  }
  const { config, tensors } = await readModelDirectory(directory);
  const parameters: Record<string, tf.Variable> = {};
  try {
    for await (const [name, { shape, data }] of tensors()) {
      parameters[name] = tf.tidy(() => tf.variable(tf.tensor(data, [...shape], 'float32')));
    }
  } catch (error) {
    tf.dispose(parameters);
    throw error;
  }
  return { config, parameters };
}
