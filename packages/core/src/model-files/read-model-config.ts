import { join } from 'node:path';
import { readJsonFile } from '../files/read-json-file.js';
import { type ConfigJson, configJson } from './config-json.js';
import type { ModelConfig, ModelFamily } from './model-config.js';
import { ModelConfigError } from './model-config-error.js';
import { ropeSettings } from './rope-settings.js';

/** What transformers assumes where a file is silent. */
const DEFAULT_MAX_POSITIONS: Readonly<Record<ModelFamily, number>> = {
  llama: 2048,
  qwen2: 32_768,
  qwen3: 32_768,
};
const QWEN3_HEAD_DIM = 128;

const tokenIdOf = (id: number | null | undefined) =>
  id === undefined || id === null || id < 0 ? undefined : id;

function eosTokenIdsOf(ids: ConfigJson['eos_token_id']): readonly number[] {
  if (Array.isArray(ids)) return ids;
  const id = tokenIdOf(ids);
  return id === undefined ? [] : [id];
}

function checkHeads(file: string, config: ModelConfig): void {
  const { heads, keyValueHeads, headDim } = config;
  if (heads % keyValueHeads !== 0) {
    throw new ModelConfigError(
      `${file}: num_key_value_heads: is ${keyValueHeads}, expected a divisor of num_attention_heads (${heads})`,
    );
  }
  if (!Number.isInteger(headDim) || headDim % 2 !== 0) {
    throw new ModelConfigError(
      `${file}: head_dim: is ${headDim}, expected an even whole number (hidden_size / num_attention_heads by default)`,
    );
  }
}

/** Makes a model's configuration from the content of its `config.json`. @throws ModelConfigError */
function parseModelConfig(file: string, json: ConfigJson): ModelConfig {
  const family = json.model_type;
  const heads = json.num_attention_heads;
  const config: ModelConfig = {
    family,
    vocabularySize: json.vocab_size,
    hiddenSize: json.hidden_size,
    layers: json.num_hidden_layers,
    heads,
    keyValueHeads: json.num_key_value_heads ?? heads,
    headDim: json.head_dim ?? (family === 'qwen3' ? QWEN3_HEAD_DIM : json.hidden_size / heads),
    intermediateSize: json.intermediate_size,
    rmsNormEpsilon: json.rms_norm_eps,
    ...ropeSettings(file, json),
    maxPositions: json.max_position_embeddings ?? DEFAULT_MAX_POSITIONS[family],
    tieWordEmbeddings: json.tie_word_embeddings,
    attentionBias: family === 'qwen2' || json.attention_bias,
    mlpBias: family === 'llama' && json.mlp_bias,
    initializerRange: json.initializer_range,
    bosTokenId: tokenIdOf(json.bos_token_id),
    eosTokenIds: eosTokenIdsOf(json.eos_token_id),
    padTokenId: tokenIdOf(json.pad_token_id),
  };
  checkHeads(file, config);
  return config;
}

/**
 * Reads a model directory's `config.json`: Llama, Qwen2 and Qwen3, as on the Hugging Face hub or as transformers 5
 * writes it.
 *
 * @throws ModelConfigError where it is missing or broken, or asks for what is not supported, naming the field
 */
export async function readModelConfig(directory: string): Promise<ModelConfig> {
  const file = join(directory, 'config.json');
  const makeError = (message: string, options?: ErrorOptions) => new ModelConfigError(message, options);
  return parseModelConfig(file, await readJsonFile(file, configJson, makeError));
}
