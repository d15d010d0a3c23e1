import * as tf from '@tensorflow/tfjs-core';
import { disposePolicy, type Policy } from '../policy/policy.js';
import { loraDelta } from './lora-adapter.js';
import { targetedModules } from './target-modules.js';

/**
 * Merges an adapter into the weights that it lies upon, W + scale·B·A, one layer at a time: the same model without an
 * adapter. A head that was the embedding gets a matrix of its own where the adapter changes it.
 *
 * @param policy taken over: its base's weights change in place, its adapter is released. One without is returned as it is
 */
export function mergeLora(policy: Policy): Policy {
  const { lora } = policy;
  if (!lora) return policy;
  const { base, settings } = lora;
  const parameters: Record<string, tf.Variable> = { ...base.parameters };
  const untied = base.config.tieWordEmbeddings && 'lm_head.lora_A.weight' in policy.parameters;
  if (untied) {
    parameters['lm_head.weight'] = tf.tidy(() =>
      tf.variable(tf.clone(parameters['model.embed_tokens.weight'])),
    );
  }
  for (const module of targetedModules(base.config, settings.targetModules).keys()) {
    const weight = parameters[`${module}.weight`];
    tf.tidy(() => weight.assign(tf.add(weight, loraDelta(policy, module) as tf.Tensor2D)));
  }
  disposePolicy({ config: policy.config, parameters: policy.parameters });
  return { config: untied ? { ...base.config, tieWordEmbeddings: false } : base.config, parameters };
}
