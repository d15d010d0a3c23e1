import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonFile } from '../files/write-atomically.js';
import { expectedParameters } from '../model-files/expected-parameters.js';
import type { ModelConfig } from '../model-files/model-config.js';
import type { WrittenDtype } from '../model-files/safetensors-dtype.js';
import { writeModelDirectory } from '../model-files/write-model-directory.js';
import { GgufError } from './gguf-error.js';
import { metadataReader } from './metadata.js';
import { ggufModelConfig } from './model-config.js';
import { type GgufHeader, type GgufTensor, openGguf, readGgufHeader } from './read-gguf.js';
import { readRows } from './read-rows.js';
import { ropeScalingOf } from './rope-factors.js';
import { ggufTensorName } from './tensor-names.js';
import { ggufTokenizerFiles } from './tokenizer/tokenizer-files.js';
import { unpermute } from './unpermute.js';

export interface ConvertGgufOptions {
  /** How the weights are stored. Default float32, which keeps their values; bfloat16 halves the file and rounds them. */
  readonly dtype?: WrittenDtype;
  /** Called as parameters are written. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was converted. */
export interface ConvertedModel {
  readonly config: ModelConfig;
  /** Numbers in the weights. */
  readonly parameters: number;
  /** How many tensors were stored in each type (`Q4_1`, `F32`, …). */
  readonly types: Readonly<Record<string, number>>;
}

const ROPE_FACTORS = 'rope_freqs.weight';

/** Checks that every parameter is there in its shape, and nothing that would be left out. */
function tensorsByParameter(
  file: string,
  config: ModelConfig,
  tensors: GgufHeader['tensors'],
): Map<string, GgufTensor> {
  const found = new Map<string, GgufTensor>();
  const unused = new Set(tensors.keys());
  unused.delete(ROPE_FACTORS);
  for (const [parameter, shape] of expectedParameters(config)) {
    const name = ggufTensorName(parameter);
    const tensor = tensors.get(name);
    if (!tensor) {
      throw new GgufError(
        `${file}: has no tensor ${name}; its metadata announce ${config.layers} layers of ${config.family}`,
      );
    }
    if (tensor.shape.join() !== shape.join()) {
      throw new GgufError(
        `${file}: tensor ${name}: shape is [${tensor.shape.join(', ')}], expected [${shape.join(', ')}] by its metadata`,
      );
    }
    unused.delete(name);
    found.set(parameter, tensor);
  }
  const [stray] = unused;
  if (stray === undefined) return found;
  throw new GgufError(`${file}: has a tensor ${stray}, which a ${config.family} model has no place for`);
}

/** The factor that each of the rotary embedding's frequencies is divided by, where the file has them. */
async function readRopeFactors(
  file: string,
  handle: FileHandle,
  { headDim }: ModelConfig,
  tensor: GgufTensor,
): Promise<Float32Array> {
  const factors_R = new Float32Array(headDim / 2);
  if (tensor.shape.join() !== `${factors_R.length}`) {
    throw new GgufError(
      `${file}: tensor ${ROPE_FACTORS}: shape is [${tensor.shape.join(', ')}], expected [${factors_R.length}], a factor for each pair of a head's ${headDim} dimensions`,
    );
  }
  for await (const row of readRows(file, handle, tensor)) factors_R.set(row);
  return factors_R;
}

/** Rows that llama.cpp has reordered: queries and keys of the Llama family. */
const isPermuted = (config: ModelConfig, parameter: string) =>
  config.family === 'llama' && /\.self_attn\.[qk]_proj\.(weight|bias)$/.test(parameter);

async function* parameterValues(
  file: string,
  handle: FileHandle,
  config: ModelConfig,
  parameter: string,
  tensor: GgufTensor,
): AsyncGenerator<Float32Array, void> {
  if (!isPermuted(config, parameter)) {
    yield* readRows(file, handle, tensor);
    return;
  }
  const bias = tensor.shape.length === 1;
  for await (const rows of readRows(file, handle, tensor, bias ? 1 : config.headDim)) {
    unpermute(rows, config.headDim, bias ? 1 : tensor.shape[1]);
    yield rows;
  }
}

/**
 * Converts a GGUF file of a Llama, Qwen2 or Qwen3 model to a Hugging Face model directory that midtrain, transformers
 * and vLLM load: `model.safetensors`, `config.json`, `generation_config.json`, `tokenizer.json` and
 * `tokenizer_config.json` with the chat template. Weights pass through memory some rows at a time. `config.json` comes
 * last, so that a directory which has one is complete.
 *
 * @throws GgufError where the file is damaged or of a kind that is not supported; DiskFullError, WriteError
 */
export async function convertGguf(
  file: string,
  directory: string,
  options: ConvertGgufOptions = {},
): Promise<ConvertedModel> {
  const handle = await openGguf(file);
  try {
    const { metadata, tensors } = await readGgufHeader(file, handle);
    const reader = metadataReader(file, metadata);
    const plain = ggufModelConfig(reader, tensors);
    const stored = tensorsByParameter(file, plain, tensors);
    const factors = tensors.get(ROPE_FACTORS);
    const config: ModelConfig = factors
      ? {
          ...plain,
          ropeScaling: ropeScalingOf(file, plain, await readRopeFactors(file, handle, plain, factors)),
        }
      : plain;
    const {
      tokenizer,
      config: tokenizerConfig,
      vocabularySize,
    } = ggufTokenizerFiles(reader, config.maxPositions);
    if (vocabularySize > config.vocabularySize) {
      throw new GgufError(
        `${file}: has ${vocabularySize} tokens, but its embedding has ${config.vocabularySize} rows; it is damaged`,
      );
    }

    await writeJsonFile(join(directory, 'tokenizer.json'), tokenizer);
    await writeJsonFile(join(directory, 'tokenizer_config.json'), tokenizerConfig);
    await writeJsonFile(join(directory, 'generation_config.json'), {
      bos_token_id: config.bosTokenId ?? null,
      eos_token_id: config.eosTokenIds,
      pad_token_id: config.padTokenId ?? null,
    });
    let done = 0;
    await writeModelDirectory(directory, {
      config,
      dtype: options.dtype,
      tensors: {
        shapes: expectedParameters(config),
        async *values(name) {
          yield* parameterValues(file, handle, config, name, stored.get(name) as GgufTensor);
          options.onProgress?.(++done, stored.size);
        },
      },
    });
    const types: Record<string, number> = {};
    let parameters = 0;
    for (const { type, shape } of stored.values()) {
      types[type.name] = (types[type.name] ?? 0) + 1;
      parameters += shape.reduce((product, side) => product * side, 1);
    }
    return { config, parameters, types };
  } finally {
    await handle.close();
  }
}
