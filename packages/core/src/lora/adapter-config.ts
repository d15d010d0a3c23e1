import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '../files/read-json-file.js';
import { writeJsonFile } from '../files/write-atomically.js';
import { LoraError } from './lora-error.js';
import type { LoraOptions, LoraSettings } from './lora-options.js';

export const CONFIG_FILE = 'adapter_config.json';
export const WEIGHTS_FILE = 'adapter_model.safetensors';

/** Most target modules that a file may name. */
const MAX_TARGETS = 100_000;

/** Ways to start that leave the base's weights as they are. */
const start = z.union([z.boolean(), z.enum(['gaussian', 'eva', 'orthogonal'])], {
  error: ({ input }) =>
    `is ${JSON.stringify(input)}, expected true, false, 'gaussian', 'eva' or 'orthogonal'; others change the base's weights, so convert the adapter with PEFT first`,
});

/** What PEFT's file has to say for an adapter that is computed here. */
const known = {
  peft_type: z.literal('LORA', {
    error: ({ input }) => `is ${JSON.stringify(input)}, expected 'LORA'; other adapters are not supported`,
  }),
  base_model_name_or_path: z.string().nullish(),
  r: z.number().int().min(1).max(0xffff).default(8),
  lora_alpha: z.number().positive().default(8),
  lora_dropout: z.number().min(0).lt(1).default(0),
  use_rslora: z.boolean().default(false),
  /** A text is a pattern, unless it is `all-linear`. */
  target_modules: z.union([z.string(), z.array(z.string()).max(MAX_TARGETS)], {
    error: 'expected a list of module names, or a text',
  }),
  bias: z
    .literal('none', { error: "expected 'none'; biases that were trained along are not supported" })
    .default('none'),
  init_lora_weights: start.default(true),
};

/** Fields of PEFT's file that do not change what an adapter computes, or only along with one that is refused. */
const FREE = new Set([
  'task_type',
  'inference_mode',
  'revision',
  'peft_version',
  'auto_mapping',
  'runtime_config',
  'megatron_core',
  'qalora_group_size',
  'eva_config',
  'save_mode',
]);

/** null, false, {} and [] turn a feature off. */
function isOff(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null || value === false;
  return Object.keys(value).length === 0;
}

const adapterJson = z.looseObject(known).superRefine((json, context) => {
  for (const [field, value] of Object.entries(json)) {
    if (field in known || FREE.has(field) || isOff(value)) continue;
    const shown = JSON.stringify(value).slice(0, 60);
    context.addIssue({
      code: 'custom',
      path: [field],
      message: `is ${shown}, expected it to be off (null, false or empty); this part of PEFT is not supported`,
    });
  }
});

/** What an adapter's `adapter_config.json` says. */
export interface AdapterConfig {
  readonly options: Required<Omit<LoraOptions, 'targetModules'>>;
  /** Undefined where a pattern takes their place: what has an adapter then shows in its weights. */
  readonly targetModules: readonly string[] | 'all-linear' | undefined;
  /** `base_model_name_or_path` as it stands. */
  readonly base: string | undefined;
}

/** Reads and checks an adapter's `adapter_config.json`. @throws LoraError naming file and field */
export async function readAdapterConfig(directory: string): Promise<AdapterConfig> {
  const json = await readJsonFile(
    join(directory, CONFIG_FILE),
    adapterJson,
    (message, options) => new LoraError(message, options),
  );
  const { target_modules: targets } = json;
  return {
    options: {
      rank: json.r,
      alpha: json.lora_alpha,
      dropout: json.lora_dropout,
      rsLora: json.use_rslora,
    },
    targetModules: typeof targets === 'string' && targets !== 'all-linear' ? undefined : targets,
    base: json.base_model_name_or_path ?? undefined,
  };
}

/** Writes `adapter_config.json` with all that PEFT asks for. @throws DiskFullError, WriteError */
export async function writeAdapterConfig(
  directory: string,
  settings: LoraSettings,
  base: string | undefined,
): Promise<void> {
  await writeJsonFile(join(directory, CONFIG_FILE), {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base ?? null,
    inference_mode: true,
    r: settings.rank,
    lora_alpha: settings.alpha,
    lora_dropout: settings.dropout,
    use_rslora: settings.rsLora,
    target_modules: settings.targetModules,
    bias: 'none',
    fan_in_fan_out: false,
    init_lora_weights: true,
    modules_to_save: null,
    rank_pattern: {},
    alpha_pattern: {},
  });
}
