import { GgufError } from '../gguf-error.js';
import type { MetadataReader } from '../metadata.js';

/** llama.cpp's kinds of tokens. */
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;
const UNUSED = 5;
const BYTE = 6;

/** A token that stands for its own text wherever it occurs, as `tokenizer.json` has it. */
interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly single_word: false;
  readonly lstrip: false;
  readonly rstrip: false;
  readonly normalized: false;
}

/** A tokenizer's tokens, out of a GGUF file. */
export interface GgufVocabulary {
  /** All tokens by id, those that only fill up the embedding among them. */
  readonly tokens: readonly string[];
  /** Ids of the tokens in use, by their text. */
  readonly idOf: ReadonlyMap<string, number>;
  readonly added: readonly AddedToken[];
  /** Ids of tokens that merges make or start from: neither added nor unused. */
  readonly mergeable: readonly number[];
  readonly unknown?: string;
}

/** Reads the tokens and their kinds. @throws GgufError where they do not fit together */
export function ggufVocabulary(metadata: MetadataReader): GgufVocabulary {
  const tokens = metadata.texts('tokenizer.ggml.tokens');
  const types = metadata.has('tokenizer.ggml.token_type')
    ? metadata.numbers('tokenizer.ggml.token_type')
    : tokens.map(() => NORMAL);
  if (types.length !== tokens.length) {
    throw new GgufError(
      `${metadata.file}: metadata tokenizer.ggml.token_type has ${types.length} entries, expected one for each of ${tokens.length} tokens`,
    );
  }
  const idOf = new Map<string, number>();
  const added: AddedToken[] = [];
  const mergeable: number[] = [];
  tokens.forEach((content, id) => {
    if (types[id] === UNUSED) return;
    if (content === '' || idOf.has(content)) {
      const why = content === '' ? 'is empty' : `is ${JSON.stringify(content)}, which another one is too`;
      throw new GgufError(`${metadata.file}: tokenizer.ggml.tokens: token ${id} ${why}; it is damaged`);
    }
    idOf.set(content, id);
    if (types[id] === NORMAL || types[id] === BYTE) {
      mergeable.push(id);
      return;
    }
    if (types[id] !== CONTROL && types[id] !== USER_DEFINED && types[id] !== UNKNOWN) {
      throw new GgufError(
        `${metadata.file}: metadata tokenizer.ggml.token_type is ${types[id]} for token ${id}, expected 1 to 6`,
      );
    }
    const special = types[id] !== USER_DEFINED;
    added.push({ id, content, special, single_word: false, lstrip: false, rstrip: false, normalized: false });
  });
  const unknown = types.indexOf(UNKNOWN);
  return { tokens, idOf, added, mergeable, unknown: unknown < 0 ? undefined : tokens[unknown] };
}
