import type { Tokenizer } from '@midtrain/core';

/**
 * Index of the first token that begins at or after the end of the first `marker` in a text; the number of tokens, so
 * that none is a candidate, where the marker does not occur. Byte counts decide, so a token may split a character.
 *
 * @param tokenIds the text's tokens, with whatever the tokenizer puts before it
 */
export function firstCandidateAfter(
  marker: string,
  text: string,
  tokenIds: ArrayLike<number>,
  tokenizer: Pick<Tokenizer, 'tokenBytes' | 'bosTokenId'>,
): number {
  const place = text.indexOf(marker);
  if (place < 0) return tokenIds.length;
  const wanted = Buffer.byteLength(text.slice(0, place + marker.length));
  let bytes = 0;
  for (let i = tokensBefore(text, tokenIds, tokenizer); i < tokenIds.length; i++) {
    if (bytes >= wanted) return i;
    bytes += tokenizer.tokenBytes(tokenIds[i]).length;
  }
  return tokenIds.length;
}

/** How many tokens the tokenizer put before a text. */
export function tokensBefore(
  text: string,
  tokenIds: ArrayLike<number>,
  tokenizer: Pick<Tokenizer, 'tokenBytes' | 'bosTokenId'>,
): number {
  const bos = tokenizer.bosTokenId;
  return bos !== undefined && tokenIds[0] === bos && !startsWith(text, tokenizer.tokenBytes(bos)) ? 1 : 0;
}

const startsWith = (text: string, bytes: Uint8Array): boolean =>
  text.startsWith(Buffer.from(bytes).toString('utf8'));
