import { join } from 'node:path';
import { writeJsonFile } from '@midtrain/core';
import { END, PADDING, WHOLE_COUNT, WORDS } from './vocabulary.js';

/** A word as a byte-level vocabulary spells it. */
const spelt = (word: string): string => word.replaceAll(' ', 'Ġ').replaceAll('\n', 'Ċ');

/** The corpus's words as Hugging Face's `tokenizer.json`: byte-level, each word a token without merges. */
function tokenizerJson() {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: WORDS.slice(0, WHOLE_COUNT).map((content, id) => ({
      id,
      content,
      ...flags,
      special: content === END || content === PADDING,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Digits', individual_digits: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: true,
      vocab: Object.fromEntries(WORDS.flatMap((word, id) => (id < WHOLE_COUNT ? [] : [[spelt(word), id]]))),
      merges: [],
    },
  };
}

/** Writes the tokenizer of the controlled corpus as a directory that `loadTokenizer` and `transformers` read. */
export async function writeTokenizerFiles(directory: string): Promise<void> {
  await writeJsonFile(join(directory, 'tokenizer.json'), tokenizerJson());
  await writeJsonFile(join(directory, 'tokenizer_config.json'), {
    add_bos_token: false,
    add_prefix_space: false,
    clean_up_tokenization_spaces: false,
    eos_token: END,
    pad_token: PADDING,
    tokenizer_class: 'PreTrainedTokenizerFast',
  });
}
