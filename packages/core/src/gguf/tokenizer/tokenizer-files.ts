import { GgufError } from '../gguf-error.js';
import type { MetadataReader } from '../metadata.js';
import { byteLevelTokenizer } from './byte-level.js';
import { sentencePieceTokenizer } from './sentence-piece.js';
import { type GgufVocabulary, ggufVocabulary } from './vocabulary.js';

/** The contents of a model directory's tokenizer files. */
export interface TokenizerFiles {
  /** `tokenizer.json` */
  readonly tokenizer: Readonly<Record<string, unknown>>;
  /** `tokenizer_config.json` */
  readonly config: Readonly<Record<string, unknown>>;
  /** One more than the largest id in use. */
  readonly vocabularySize: number;
}

/** The text of the token whose id a key gives. */
function namedToken(metadata: MetadataReader, { tokens }: GgufVocabulary, key: string): string | undefined {
  if (!metadata.has(key)) return undefined;
  const id = metadata.count(key);
  if (id < tokens.length) return tokens[id];
  throw new GgufError(
    `${metadata.file}: metadata ${key} is ${id}, expected less than ${tokens.length}, the tokens`,
  );
}

/** Puts the beginning-of-text token before each text. */
const withBos = (content: string, id: number | undefined) => ({
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: content, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [
    { SpecialToken: { id: content, type_id: 0 } },
    { Sequence: { id: 'A', type_id: 0 } },
    { SpecialToken: { id: content, type_id: 1 } },
    { Sequence: { id: 'B', type_id: 1 } },
  ],
  special_tokens: { [content]: { id: content, ids: [id], tokens: [content] } },
});

function kindOf(metadata: MetadataReader) {
  const kind = metadata.text('tokenizer.ggml.model');
  if (kind === 'gpt2') return byteLevelTokenizer;
  if (kind === 'llama') return sentencePieceTokenizer;
  throw new GgufError(
    `${metadata.file}: tokenizer.ggml.model is ${JSON.stringify(kind.slice(0, 60))}, expected 'gpt2' or 'llama'; other tokenizers are not supported`,
  );
}

/**
 * Makes a Hugging Face tokenizer out of the metadata of a GGUF file: byte-level BPE of the GPT-2, SmolLM, Llama 3 and
 * Qwen2 kinds, or SentencePiece as of Llama 2; and the chat template.
 *
 * @throws GgufError for other kinds, or where lists do not fit together
 */
export function ggufTokenizerFiles(metadata: MetadataReader, maxPositions: number): TokenizerFiles {
  const make = kindOf(metadata);
  const vocabulary = ggufVocabulary(metadata);
  const { addsBos, model, ...steps } = make(metadata, vocabulary);
  const token = (role: string) => namedToken(metadata, vocabulary, `tokenizer.ggml.${role}_token_id`);
  const bos = token('bos');
  const startsWithBos = bos !== undefined && metadata.flag('tokenizer.ggml.add_bos_token', addsBos);
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: vocabulary.added,
      ...steps,
      post_processor: startsWithBos ? withBos(bos, vocabulary.idOf.get(bos)) : null,
      model: {
        type: 'BPE',
        dropout: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        ...model,
      },
    },
    config: {
      // The class that takes tokenizer.json as it is.
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: bos ?? null,
      eos_token: token('eos') ?? null,
      pad_token: token('padding') ?? null,
      unk_token: token('unknown') ?? null,
      clean_up_tokenization_spaces: false,
      model_max_length: maxPositions,
      ...(metadata.has('tokenizer.chat_template')
        ? { chat_template: metadata.text('tokenizer.chat_template') }
        : {}),
    },
    vocabularySize: [...vocabulary.idOf.values()].reduce((most, id) => Math.max(most, id), -1) + 1,
  };
}
