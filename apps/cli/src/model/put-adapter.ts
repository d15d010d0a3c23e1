import { LoraError, type LoraOptions, type Policy, withLora } from '@midtrain/core';
import { ConfigError } from '../cli-error.js';

/** Puts the adapter that a configuration asks for on a policy. @throws ConfigError naming the field */
export function putAdapter(
  policy: Policy,
  lora: LoraOptions | undefined,
  seed: number,
  configFile: string,
): Policy {
  if (lora === undefined) return policy;
  try {
    return withLora(policy, lora, seed);
  } catch (cause) {
    if (!(cause instanceof LoraError)) throw cause;
    throw new ConfigError(`${configFile}: ${cause.message}`, { cause });
  }
}
