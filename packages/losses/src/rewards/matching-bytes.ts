/**
 * How many leading bytes of `bytes` equal those of the `tokens` laid end to end. Both are raw bytes: a token may
 * hold part of a UTF-8 character.
 */
export function countMatchingBytes(bytes: Uint8Array, tokens: readonly Uint8Array[]): number {
  let matching = 0;
  for (const token of tokens) {
    for (const byte of token) {
      if (matching === bytes.length || bytes[matching] !== byte) return matching;
      matching += 1;
    }
  }
  return matching;
}
