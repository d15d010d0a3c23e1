import { seededRandom } from '@midtrain/curriculum';
import * as tf from '@tensorflow/tfjs-core';
import { expectedParameters } from '../model-files/expected-parameters.js';
import type { ModelConfig } from '../model-files/model-config.js';
import type { Policy } from './policy.js';

/**
 * A policy with fresh weights: normal with the configuration's `initializerRange`, divided by √(2·layers) where a
 * layer writes to the residual stream (GPT-2), norms at 1, biases at 0. The seed decides all.
 */
export function initialisePolicy(config: ModelConfig, seed: number): Policy {
  const random = seededRandom(seed, 'weights');
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const parameters: Record<string, tf.Variable> = {};
  for (const [name, shape] of expectedParameters(config)) {
    const size = shape.reduce((product, side) => product * side, 1);
    const values = new Float32Array(size);
    if (name.endsWith('norm.weight')) values.fill(1);
    else if (!name.endsWith('.bias')) {
      const residual = /\.(o_proj|down_proj)\.weight$/.test(name);
      const deviation = config.initializerRange / (residual ? Math.sqrt(2 * config.layers) : 1);
      for (let i = 0; i < size; i++) values[i] = deviation * normal();
    }
    parameters[name] = tf.tidy(() => tf.variable(tf.tensor(values, [...shape]), true, undefined));
  }
  return { config, parameters };
}
