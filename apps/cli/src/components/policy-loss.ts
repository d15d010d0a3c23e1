import { type PolicyLoss, type PolicyLossOptions, policyLoss } from '@midtrain/losses';
import { isOwn } from '../config/component.js';
import { LOSSES } from '../config/loss-config.js';
import type { TrainConfig } from '../config/train-config.js';
import { type ComponentSource, FUNCTION } from './component-source.js';

/** The policy loss that a configuration names. */
export async function makePolicyLoss(
  config: TrainConfig['loss'],
  source: ComponentSource,
): Promise<PolicyLoss> {
  if (isOwn(config, LOSSES)) return source.own<PolicyLoss>(config, 'loss', FUNCTION);
  const { use, ...options } = config;
  return source.builtIn('loss', () => policyLoss({ type: use, ...options } as PolicyLossOptions));
}

/** Whether a loss holds the policy to a reference. */
export const usesReference = (config: TrainConfig['loss']): boolean =>
  'beta' in config && Number(config.beta) > 0;
