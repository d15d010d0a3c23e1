import type { ModelConfig } from '../model-files/model-config.js';
import type { AdapterConfig } from './adapter-config.js';
import { loraNames } from './lora-adapter.js';
import { LoraError } from './lora-error.js';
import { ALL_LINEAR, type LoraSettings, loraSettings } from './lora-options.js';
import { matchModules } from './target-modules.js';

/** What PEFT puts before a parameter's name. */
export const PEFT_PREFIX = 'base_model.model.';

const FIRST_MATRIX = /^base_model\.model\.(.+)\.lora_A\.weight$/;

type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/** What a PEFT file has to hold, and what it may. */
export interface AdapterTensors {
  readonly settings: LoraSettings;
  /** Shape of each matrix, by PEFT's name, in the order of the forward pass. */
  readonly matrices: ReadonlyMap<string, readonly number[]>;
  /** Copies of the base's weights, which PEFT saves along for the head: module by PEFT's name. */
  readonly copies: ReadonlyMap<string, string>;
}

/**
 * Checks a PEFT file's tensors, by its header, against its configuration and the base model's.
 *
 * @param file for errors
 * @throws LoraError naming the tensor
 */
export function checkAdapterTensors(
  file: string,
  config: ModelConfig,
  { options, targetModules }: AdapterConfig,
  found: Shapes,
): AdapterTensors {
  const inFile = [...found.keys()].flatMap((name) => FIRST_MATRIX.exec(name)?.[1] ?? []);
  const wanted = targetModules === 'all-linear' ? ALL_LINEAR : (targetModules ?? inFile);
  const { modules, strangers } = matchModules(config, wanted);
  if (modules.size === 0)
    throw new LoraError(`${file}: has no adapter of a linear layer that the base model has`);

  const matrices = new Map<string, readonly number[]>();
  const copies = new Map<string, string>();
  const check = (name: string, shape: readonly number[]) => {
    const actual = found.get(name)?.shape;
    if (actual?.join() === shape.join()) return;
    throw new LoraError(
      `${file}: ${name}: ${actual ? `is [${actual.join(', ')}]` : 'is missing'}, expected [${shape.join(', ')}] by adapter_config.json and the base model`,
    );
  };
  for (const [module, { out, in: width }] of modules) {
    const { a, b } = loraNames(module);
    matrices.set(PEFT_PREFIX + a, [options.rank, width]).set(PEFT_PREFIX + b, [out, options.rank]);
    const copy = `${PEFT_PREFIX}${module}.base_layer.weight`;
    if (!found.has(copy)) continue;
    check(copy, [out, width]);
    copies.set(copy, module);
  }
  for (const [name, shape] of matrices) check(name, shape);
  for (const name of found.keys()) {
    if (matrices.has(name) || copies.has(name)) continue;
    throw new LoraError(
      `${file}: ${name}: is there, expected only the low-rank matrices of target_modules; other weights that were trained along are not supported`,
    );
  }
  const strange = new Set(strangers);
  const settings = loraSettings({
    ...options,
    targetModules: wanted.filter((target) => !strange.has(target)),
  });
  return { settings, matrices, copies };
}
