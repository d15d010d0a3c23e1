import type { ModelConfig, ModelFamily } from '../model-files/model-config.js';
import { GgufError } from './gguf-error.js';
import type { MetadataReader } from './metadata.js';
import type { GgufTensor } from './read-gguf.js';

const FAMILIES: readonly ModelFamily[] = ['llama', 'qwen2', 'qwen3'];
/** Far above every published model's. */
const MAX_HEAD_DIM = 65_536;
/** What llama.cpp takes where a file is silent. */
const DEFAULT_THETA = 10_000;

function familyOf(metadata: MetadataReader): ModelFamily {
  const architecture = metadata.text('general.architecture');
  const family = FAMILIES.find((name) => name === architecture);
  if (!family) {
    throw new GgufError(
      `${metadata.file}: general.architecture is ${JSON.stringify(architecture.slice(0, 60))}, expected llama, qwen2 or qwen3; other models are not supported`,
    );
  }
  const parts = metadata.count('split.count', 1);
  if (parts > 1) {
    throw new GgufError(
      `${metadata.file}: is one of ${parts} files of a model, expected one with all of it; join them with llama-gguf-split --merge`,
    );
  }
  if (metadata.count(`${family}.expert_count`, 0) > 0) {
    throw new GgufError(`${metadata.file}: is a mixture of experts, which is not supported`);
  }
  const scaling = metadata.text(`${family}.rope.scaling.type`, 'none');
  if (scaling !== 'none') {
    throw new GgufError(
      `${metadata.file}: ${family}.rope.scaling.type is ${JSON.stringify(scaling.slice(0, 60))}, expected none; other rotary scalings are not supported`,
    );
  }
  return family;
}

/** Ids after which a text ends: the end of text and, in chat models, the end of a turn. */
function eosTokenIdsOf(metadata: MetadataReader): readonly number[] {
  const keys = ['tokenizer.ggml.eos_token_id', 'tokenizer.ggml.eot_token_id'].filter(metadata.has);
  return [...new Set(keys.map((key) => metadata.count(key)))];
}

const optionalId = (metadata: MetadataReader, key: string) =>
  metadata.has(key) ? metadata.count(key) : undefined;

/**
 * A model's configuration out of a GGUF file's metadata and tensors, without Llama 3's rotary scaling, which lies in
 * a tensor's values.
 *
 * @throws GgufError for another architecture, or where a key is missing
 */
export function ggufModelConfig(
  metadata: MetadataReader,
  tensors: ReadonlyMap<string, GgufTensor>,
): ModelConfig {
  const family = familyOf(metadata);
  const hiddenSize = metadata.count(`${family}.embedding_length`);
  const heads = metadata.count(`${family}.attention.head_count`);
  const headDim = metadata.count(`${family}.attention.key_length`, hiddenSize / heads);
  const keyValueHeads = metadata.count(`${family}.attention.head_count_kv`, heads);
  const embedding = tensors.get('token_embd.weight');
  if (!embedding)
    throw new GgufError(`${metadata.file}: has no tensor token_embd.weight; it is no whole model`);
  const pairs = headDim / 2;
  if (
    keyValueHeads < 1 ||
    heads % keyValueHeads !== 0 ||
    !Number.isInteger(pairs) ||
    pairs < 1 ||
    headDim > MAX_HEAD_DIM
  ) {
    throw new GgufError(
      `${metadata.file}: ${heads} heads, ${keyValueHeads} key-value heads of ${headDim} dimensions do not fit together; it is damaged`,
    );
  }
  const layers = metadata.count(`${family}.block_count`);
  if (layers < 1 || layers > 10_000) {
    throw new GgufError(`${metadata.file}: metadata ${family}.block_count is ${layers}, expected 1 to 10000`);
  }
  return {
    family,
    vocabularySize: embedding.shape[0],
    hiddenSize,
    layers,
    heads,
    keyValueHeads,
    headDim,
    intermediateSize: metadata.count(`${family}.feed_forward_length`),
    rmsNormEpsilon: metadata.number(`${family}.attention.layer_norm_rms_epsilon`),
    ropeTheta: metadata.number(`${family}.rope.freq_base`, DEFAULT_THETA),
    maxPositions: metadata.count(`${family}.context_length`),
    tieWordEmbeddings: !tensors.has('output.weight'),
    attentionBias: tensors.has('blk.0.attn_q.bias'),
    mlpBias: tensors.has('blk.0.ffn_up.bias'),
    initializerRange: 0.02,
    bosTokenId: optionalId(metadata, 'tokenizer.ggml.bos_token_id'),
    eosTokenIds: eosTokenIdsOf(metadata),
    padTokenId: optionalId(metadata, 'tokenizer.ggml.padding_token_id'),
  };
}
