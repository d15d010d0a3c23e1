import { loadAdapter, loadPolicy, type Policy } from '@midtrain/core';
import type { TrainConfig } from '../config/train-config.js';

/**
 * What the KL term holds the policy to: the model that the configuration names, or the policy as it starts. Under an
 * adapter that shares the base's weights, so that no second copy of them is held.
 */
export function loadReference(
  { reference, lora, model }: Pick<TrainConfig, 'reference' | 'lora' | 'model'>,
  policy: Policy,
): Promise<Policy> {
  if (reference !== undefined || !policy.lora) return loadPolicy(reference ?? model);
  const { base } = policy.lora;
  // A fresh adapter changes nothing; one that was loaded is the start itself.
  return lora ? Promise.resolve(base) : loadAdapter(model, base);
}
