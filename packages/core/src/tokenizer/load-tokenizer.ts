import { join } from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { checkSteps } from './check-steps.js';
import { exactPreTokenizer } from './exact-pre-tokenizer.js';
import { byteLevelAlphabet, byteLevelBytes, sentencePieceBytes } from './token-bytes.js';
import type { Tokenizer } from './tokenizer.js';
import { TokenizerError } from './tokenizer-error.js';
import { readTokenizerConfig, readTokenizerJson, type TokenizerJson } from './tokenizer-json.js';
import { withinTime } from './within-time.js';

/** Milliseconds that a text may take, far above what it does with any published tokenizer. */
const timeFor = (length: number) => 5000 + Math.ceil(length / 10);

/** Raw bytes of every id; added tokens are their own text. */
function bytesById(json: TokenizerJson, byteLevel: boolean): Map<number, Uint8Array> {
  const alphabet = byteLevelAlphabet();
  const bytes = new Map<number, Uint8Array>();
  for (const [token, id] of Object.entries(json.model.vocab)) {
    bytes.set(id, byteLevel ? byteLevelBytes(token, alphabet) : sentencePieceBytes(token));
  }
  for (const { id, content } of json.added_tokens) bytes.set(id, new TextEncoder().encode(content));
  return bytes;
}

/**
 * Loads a Hugging Face tokenizer from a model directory: `tokenizer.json`, and the names of its beginning, end and
 * padding tokens from `tokenizer_config.json` or `special_tokens_map.json` where they are there.
 *
 * @throws TokenizerError where a file is missing or broken, or the tokenizer is not byte-pair encoding
 */
export async function loadTokenizer(directory: string): Promise<Tokenizer> {
  const file = join(directory, 'tokenizer.json');
  const json = await readTokenizerJson(file);
  const named = {
    ...(await readTokenizerConfig(join(directory, 'special_tokens_map.json'))),
    ...(await readTokenizerConfig(join(directory, 'tokenizer_config.json'))),
  };

  const { untrusted, byteLevel } = checkSteps(file, json);
  let library: HuggingFaceTokenizer;
  try {
    library = withinTime(
      timeFor(0),
      () =>
        new HuggingFaceTokenizer(
          {
            normalizer: null,
            post_processor: null,
            decoder: null,
            ...json,
            pre_tokenizer: json.pre_tokenizer ? exactPreTokenizer(json.pre_tokenizer) : null,
          },
          {},
        ),
    );
  } catch (cause) {
    throw new TokenizerError(`${file}: cannot be loaded (${(cause as Error).message})`, { cause });
  }

  /** Applies the tokenizer's own steps to a text of a length, in characters. */
  const apply = <T>(length: number, work: () => T): T => {
    try {
      return untrusted ? withinTime(timeFor(length), work) : work();
    } catch (cause) {
      throw new TokenizerError(
        `${file}: its steps fail on a text of ${length} characters (${(cause as Error).message})`,
        { cause },
      );
    }
  };
  const bytes = bytesById(json, byteLevel);
  const added = new Map(json.added_tokens.map(({ content, id }) => [content, id]));
  const idOf = (role: 'bos_token' | 'eos_token' | 'pad_token') => {
    const token = named[role];
    if (token === undefined || token === null) return undefined;
    const id = added.get(token) ?? json.model.vocab[token];
    if (id === undefined) {
      throw new TokenizerError(
        `${directory}: ${role} is ${JSON.stringify(token)}, which tokenizer.json has no id for; add it there or name another`,
      );
    }
    return id;
  };

  const vocabularySize = [...bytes.keys()].reduce((largest, id) => Math.max(largest, id), -1) + 1;
  /** Whether an id is a token's; one beyond the vocabulary, which a model's padded embedding has, is no text. */
  const isToken = (id: number): boolean => {
    if (bytes.has(id)) return true;
    if (Number.isInteger(id) && id >= vocabularySize) return false;
    throw new TokenizerError(`${file}: has no token ${id}; give ids from 0 on`);
  };

  return {
    vocabularySize,
    eosTokenId: idOf('eos_token'),
    bosTokenId: idOf('bos_token'),
    padTokenId: idOf('pad_token'),
    specialTokenId: (text) => added.get(text),
    encode: (text, { addSpecialTokens = true } = {}) =>
      apply(text.length, () => library.encode(text, { add_special_tokens: addSpecialTokens }).ids),
    decode(ids, { skipSpecialTokens = false } = {}) {
      const known = Array.from(ids).filter(isToken);
      if (known.length === 0) return '';
      return apply(known.length, () =>
        library.decode(known, {
          skip_special_tokens: skipSpecialTokens,
          clean_up_tokenization_spaces: false,
        }),
      );
    },
    tokenBytes: (id) => (isToken(id) ? (bytes.get(id) as Uint8Array).slice() : new Uint8Array()),
  };
}
