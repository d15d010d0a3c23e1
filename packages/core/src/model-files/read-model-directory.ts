import { join } from 'node:path';
import { z } from 'zod';
import { UntrustedFileError } from '../errors.js';
import { readOptionalJsonFile } from '../files/read-json-file.js';
import { expectedParameters } from './expected-parameters.js';
import type { ModelConfig } from './model-config.js';
import type { NamedTensor } from './named-tensor.js';
import { readModelConfig } from './read-model-config.js';
import { readSafetensors, requireFloats } from './read-safetensors.js';
import { findWeights } from './weight-files.js';

/** A model's weights are not those that its configuration asks for. */
export class ModelWeightsError extends UntrustedFileError {
  readonly code = 'model_weights_mismatch';
}

const tokenId = z.number().int().nonnegative();
/** As much of `generation_config.json` as is relied upon. */
const generationConfigJson = z.looseObject({
  eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish(),
});

/** A model read from its directory. */
export interface ModelDirectory {
  /** With the ids that end a text as `generation_config.json` has them, where it does: chat models have several. */
  readonly config: ModelConfig;
  /** The content of `generation_config.json`, where there is one. */
  readonly generationConfig?: Readonly<Record<string, unknown>>;
  /** Reads the parameters one by one, in float32, under the names of `expectedParameters(config)`. */
  tensors(): AsyncGenerator<[name: string, tensor: NamedTensor], void>;
}

/** Names are cut off after a few: one missing layer is nine of them. */
function listed(names: readonly string[]): string {
  const more = names.length > 4 ? `, … (${names.length} in all)` : '';
  return names.slice(0, 4).join(', ') + more;
}

/** Tensors that files of older tools carry beside the parameters, and that transformers leaves out too. */
function isRedundant(name: string, config: ModelConfig): boolean {
  return name.endsWith('.rotary_emb.inv_freq') || (config.tieWordEmbeddings && name === 'lm_head.weight');
}

function checkShapes(
  directory: string,
  config: ModelConfig,
  expected: ReadonlyMap<string, readonly number[]>,
  found: ReadonlyMap<string, readonly number[]>,
): void {
  const missing = [...expected.keys()].filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new ModelWeightsError(
      `${directory}: the weights lack ${listed(missing)}; config.json asks for a ${config.family} model of ${config.layers} layers`,
    );
  }
  const extra = [...found.keys()].filter((name) => !expected.has(name) && !isRedundant(name, config));
  if (extra.length > 0) {
    throw new ModelWeightsError(
      `${directory}: the weights have ${listed(extra)}, which a ${config.family} model of ${config.layers} layers as in config.json has not`,
    );
  }
  for (const [name, shape] of expected) {
    const actual = found.get(name) as readonly number[];
    if (actual.join() !== shape.join()) {
      throw new ModelWeightsError(
        `${directory}: ${name}: shape is [${actual.join(', ')}], expected [${shape.join(', ')}] by config.json`,
      );
    }
  }
}

/**
 * Opens a Hugging Face model directory: reads `config.json`, and checks by the headers of its safetensors that every
 * parameter is there in its shape and of a type that is read, before any value is.
 *
 * @throws ModelConfigError, SafetensorsError, ModelWeightsError, each naming the file and field
 */
export async function readModelDirectory(directory: string): Promise<ModelDirectory> {
  const ownConfig = await readModelConfig(directory);
  const generationConfig = await readOptionalJsonFile(
    join(directory, 'generation_config.json'),
    generationConfigJson,
  );
  const eos = generationConfig?.eos_token_id ?? ownConfig.eosTokenIds;
  const config: ModelConfig = { ...ownConfig, eosTokenIds: typeof eos === 'number' ? [eos] : eos };
  const weights = await findWeights(directory);
  const expected = expectedParameters(config);
  checkShapes(directory, config, expected, weights.shapes);
  for (const [file, tensors] of weights.files) {
    for (const [name, entry] of tensors) if (expected.has(name)) requireFloats(file, name, entry);
  }
  return {
    config,
    generationConfig,
    async *tensors() {
      for (const [file, own] of weights.files) {
        yield* readSafetensors(file, (name) => own.has(name) && expected.has(name));
      }
    },
  };
}
