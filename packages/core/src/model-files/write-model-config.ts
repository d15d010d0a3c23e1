import { join } from 'node:path';
import { writeJsonFile } from '../files/write-atomically.js';
import type { ModelConfig, ModelFamily } from './model-config.js';
import type { WrittenDtype } from './safetensors-dtype.js';

const ARCHITECTURES: Readonly<Record<ModelFamily, string>> = {
  llama: 'LlamaForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
};

/** What only one family's configuration has. */
function familyKeys(config: ModelConfig): Record<string, unknown> {
  switch (config.family) {
    case 'llama':
      return { head_dim: config.headDim, attention_bias: config.attentionBias, mlp_bias: config.mlpBias };
    case 'qwen2':
      return { use_sliding_window: false, sliding_window: null };
    case 'qwen3':
      return {
        head_dim: config.headDim,
        attention_bias: config.attentionBias,
        use_sliding_window: false,
        sliding_window: null,
      };
  }
}

function ropeScalingJson(scaling: ModelConfig['ropeScaling']): Record<string, unknown> | null {
  if (!scaling) return null;
  return {
    rope_type: scaling.type,
    factor: scaling.factor,
    low_freq_factor: scaling.lowFrequencyFactor,
    high_freq_factor: scaling.highFrequencyFactor,
    original_max_position_embeddings: scaling.originalMaxPositions,
  };
}

/** The content of `config.json`, in the form of the Hugging Face hub, which transformers (4 and 5) and vLLM load. */
export function modelConfigJson(config: ModelConfig, dtype: WrittenDtype = 'F32'): Record<string, unknown> {
  const { eosTokenIds } = config;
  return {
    architectures: [ARCHITECTURES[config.family]],
    model_type: config.family,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    hidden_act: 'silu',
    max_position_embeddings: config.maxPositions,
    rms_norm_eps: config.rmsNormEpsilon,
    rope_theta: config.ropeTheta,
    rope_scaling: ropeScalingJson(config.ropeScaling),
    tie_word_embeddings: config.tieWordEmbeddings,
    initializer_range: config.initializerRange,
    ...familyKeys(config),
    bos_token_id: config.bosTokenId ?? null,
    eos_token_id: eosTokenIds.length > 1 ? eosTokenIds : (eosTokenIds[0] ?? null),
    pad_token_id: config.padTokenId ?? null,
    torch_dtype: dtype === 'BF16' ? 'bfloat16' : 'float32',
    use_cache: true,
  };
}

/** Writes `config.json` into a model directory. @throws DiskFullError, WriteError */
export async function writeModelConfig(
  directory: string,
  config: ModelConfig,
  dtype?: WrittenDtype,
): Promise<void> {
  await writeJsonFile(join(directory, 'config.json'), modelConfigJson(config, dtype));
}
