import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { CorpusDocument } from './corpus.js';
import { CorpusError } from './corpus-error.js';

/** A document and its tokens. */
export interface TokenizedDocument extends CorpusDocument {
  /** At most `maxTokens`. */
  readonly tokenIds: Int32Array;
}

export interface TokenizeOptions {
  /** Most tokens of a document, the end-of-text token included. */
  readonly maxTokens: number;
  /** What becomes of longer documents; default `error`. `truncate` keeps their first tokens. */
  readonly overlong?: 'error' | 'truncate' | 'skip';
  /** Whether to end each document with the tokenizer's end-of-text token; default false. */
  readonly appendEos?: boolean;
  /** Told of each document that was truncated or skipped, and its length in tokens. */
  readonly onOverlong?: (document: CorpusDocument, tokens: number) => void;
}

function endOfText(tokenizer: Tokenizer): number {
  if (tokenizer.eosTokenId !== undefined) return tokenizer.eosTokenId;
  throw new CorpusError(
    'invalid_option',
    'appendEos: the tokenizer names no eos_token in tokenizer_config.json; name one there or leave this out',
  );
}

/**
 * Turns documents into tokens, as their tokenizer does by default.
 *
 * @throws CorpusError `invalid_option` at once; while reading, `document_too_long` under `overlong: 'error'`
 */
export function tokenizeCorpus(
  documents: AsyncIterable<CorpusDocument>,
  tokenizer: Tokenizer,
  options: TokenizeOptions,
): AsyncIterable<TokenizedDocument> {
  const { maxTokens, overlong = 'error', appendEos = false, onOverlong } = options;
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) {
    throw new CorpusError('invalid_option', `maxTokens: is ${maxTokens}, expected a whole number from 1 on`);
  }
  const ending = appendEos ? [endOfText(tokenizer)] : [];
  return {
    async *[Symbol.asyncIterator]() {
      for await (const document of documents) {
        const ids = tokenizer.encode(document.text);
        const length = ids.length + ending.length;
        if (length > maxTokens) {
          if (overlong === 'error') {
            throw new CorpusError(
              'document_too_long',
              `${document.id}: has ${length} tokens, expected at most ${maxTokens}; split it, or set overlong to truncate or skip`,
            );
          }
          onOverlong?.(document, length);
          if (overlong === 'skip') continue;
        }
        const tokenIds = Int32Array.from(ids.concat(ending).slice(0, maxTokens));
        yield { ...document, tokenIds };
      }
    },
  };
}
