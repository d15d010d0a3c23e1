import type { Tokenizer } from '@midtrain/core';

/**
 * Turns tokens into text as they come: each call returns the text that is now certain, holding back the bytes of a
 * character that is not whole yet.
 */
export function textStream(tokenizer: Pick<Tokenizer, 'tokenBytes'>): (tokenId: number) => string {
  const decoder = new TextDecoder();
  return (tokenId) => decoder.decode(tokenizer.tokenBytes(tokenId), { stream: true });
}
