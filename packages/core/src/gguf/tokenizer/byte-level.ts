import { LLAMA3_WORDS, QWEN2_WORDS } from '../../tokenizer/known-patterns.js';
import { GgufError } from '../gguf-error.js';
import type { MetadataReader } from '../metadata.js';
import type { GgufVocabulary } from './vocabulary.js';

/** What a family of byte-level tokenizers does before its merges, in the words of `tokenizer.json`. */
interface Family {
  readonly normalizer: unknown;
  readonly preTokenizers: readonly unknown[];
  /** Words that are tokens themselves are taken whole (Llama 3). */
  readonly ignoreMerges: boolean;
  /** Whether a text begins with the beginning-of-text token where the file does not say. */
  readonly addsBos: boolean;
}

const byteLevel = (useRegex: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
});
const split = (regex: string) => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
});
const GPT2: Family = {
  normalizer: null,
  preTokenizers: [byteLevel(true)],
  ignoreMerges: false,
  addsBos: false,
};
const SMOLLM: Family = {
  ...GPT2,
  preTokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel(true)],
};
const LLAMA3: Family = {
  normalizer: null,
  preTokenizers: [split(LLAMA3_WORDS), byteLevel(false)],
  ignoreMerges: true,
  addsBos: true,
};
const QWEN2: Family = {
  normalizer: { type: 'NFC' },
  preTokenizers: [split(QWEN2_WORDS), byteLevel(false)],
  ignoreMerges: false,
  addsBos: false,
};

/** By llama.cpp's name for the pre-tokenizer. */
const FAMILIES: ReadonlyMap<string, Family> = new Map([
  ['gpt-2', GPT2],
  ['smollm', SMOLLM],
  ['llama-bpe', LLAMA3],
  ['llama3', LLAMA3],
  ['llama-v3', LLAMA3],
  ['qwen2', QWEN2],
  ['deepseek-r1-qwen', QWEN2],
]);

/** The parts of `tokenizer.json` for a byte-level tokenizer. @throws GgufError for a family that is not known */
export function byteLevelTokenizer(metadata: MetadataReader, vocabulary: GgufVocabulary) {
  const name = metadata.text('tokenizer.ggml.pre');
  const family = FAMILIES.get(name);
  if (!family) {
    throw new GgufError(
      `${metadata.file}: tokenizer.ggml.pre is ${JSON.stringify(name.slice(0, 60))}, expected one of ${[...FAMILIES.keys()].join(', ')}`,
    );
  }
  return {
    addsBos: family.addsBos,
    normalizer: family.normalizer,
    pre_tokenizer: { type: 'Sequence', pretokenizers: family.preTokenizers },
    decoder: { ...byteLevel(true), add_prefix_space: true },
    model: {
      byte_fallback: false,
      fuse_unk: false,
      ignore_merges: family.ignoreMerges,
      unk_token: null,
      vocab: Object.fromEntries(vocabulary.idOf),
      merges: metadata.texts('tokenizer.ggml.merges'),
    },
  };
}
