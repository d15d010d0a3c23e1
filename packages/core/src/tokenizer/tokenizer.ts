export interface EncodeOptions {
  /** Whether to add what the tokenizer puts around a text by default, such as a beginning-of-text token; default true. */
  readonly addSpecialTokens?: boolean;
}

export interface DecodeOptions {
  /** Whether to leave out tokens that the tokenizer marks as special; default false. */
  readonly skipSpecialTokens?: boolean;
}

/**
 * Text to token ids and back. Ids beyond the vocabulary are those of a model's padding rows (Qwen's have some hundred),
 * which can be sampled: they have no bytes and no text. Any other id without a token is an error.
 */
export interface Tokenizer {
  /** Ids in 0..vocabularySize−1. Special tokens written out in the text become their ids. */
  encode(text: string, options?: EncodeOptions): number[];
  /** Bytes that are no whole UTF-8 character come out as U+FFFD; use {@link Tokenizer.tokenBytes} for exactness. */
  decode(ids: ArrayLike<number>, options?: DecodeOptions): string;
  /**
   * The token's raw bytes, which need not be whole characters. Joined over `encode(text, {addSpecialTokens: false})`
   * they are the UTF-8 of the text, as far as the tokenizer keeps its input: normalisers (Qwen's NFC, SentencePiece's
   * leading space) act first, and a vocabulary that lacks a byte drops it.
   */
  tokenBytes(id: number): Uint8Array;
  /** One more than the largest id. */
  readonly vocabularySize: number;
  /** Id of an added token (`<think>`, `<|endoftext|>`), by its text. */
  specialTokenId(text: string): number | undefined;
  readonly eosTokenId?: number;
  readonly bosTokenId?: number;
  readonly padTokenId?: number;
}
