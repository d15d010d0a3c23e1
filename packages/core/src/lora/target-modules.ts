import { expectedParameters } from '../model-files/expected-parameters.js';
import type { ModelConfig } from '../model-files/model-config.js';
import { LoraError } from './lora-error.js';

/** A linear layer's sizes. */
export interface LinearShape {
  readonly out: number;
  readonly in: number;
}

const HEAD = 'lm_head';

/** Every linear layer of a model, the head included, in the order of the forward pass. */
function linearModules(config: ModelConfig): Map<string, LinearShape> {
  const modules = new Map<string, LinearShape>();
  for (const [parameter, [out, width]] of expectedParameters(config)) {
    const module = parameter.replace(/\.weight$/, '');
    if (module.endsWith('_proj')) modules.set(module, { out, in: width });
  }
  return modules.set(HEAD, { out: config.vocabularySize, in: config.hiddenSize });
}

/** A name and what is left of it without its first parts: `a.b.c`, `b.c`, `c`. */
function endingsOf(name: string): string[] {
  const parts = name.split('.');
  return parts.map((_, from) => parts.slice(from).join('.'));
}

/**
 * The linear layers that an adapter's targets name, as PEFT matches them: by the whole name or by its last parts; and
 * the targets that name none.
 */
export function matchModules(config: ModelConfig, targetModules: readonly string[]) {
  const targets = new Set(targetModules);
  const strangers = new Set(targets);
  const modules = new Map<string, LinearShape>();
  for (const [module, shape] of linearModules(config)) {
    const named = endingsOf(module).filter((ending) => targets.has(ending));
    if (named.length > 0) modules.set(module, shape);
    for (const ending of named) strangers.delete(ending);
  }
  return { modules, strangers: [...strangers] };
}

/** As {@link matchModules}, for targets that a person chose. @throws LoraError where one names no linear layer */
export function targetedModules(
  config: ModelConfig,
  targetModules: readonly string[],
): Map<string, LinearShape> {
  const { modules, strangers } = matchModules(config, targetModules);
  if (strangers.length > 0) {
    throw new LoraError(
      `lora.targetModules: ${JSON.stringify(strangers[0])} names no linear layer of the model, expected some of q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj, lm_head`,
    );
  }
  return modules;
}
