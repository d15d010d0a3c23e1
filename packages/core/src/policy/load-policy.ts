import * as tf from '@tensorflow/tfjs-core';
import { readModelDirectory } from '../model-files/read-model-directory.js';
import type { Policy } from './policy.js';

/**
 * Loads a Hugging Face model directory onto the backend in use, one parameter at a time, as float32.
 * @throws the errors of `readModelDirectory`, naming file and field
 */
export async function loadPolicy(directory: string): Promise<Policy> {
  const { config, tensors } = await readModelDirectory(directory);
  const parameters: Record<string, tf.Variable> = {};
  for await (const [name, { shape, data }] of tensors()) {
    parameters[name] = tf.tidy(() => tf.variable(tf.tensor(data, [...shape], 'float32')));
  }
  return { config, parameters };
}
