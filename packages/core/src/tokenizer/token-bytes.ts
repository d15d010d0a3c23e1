const UTF8 = new TextEncoder();
const BYTE_TOKEN = /^<0x([0-9A-Fa-f]{2})>$/;
/** SentencePiece's stand-in for a space. */
const METASPACE = /\u2581/g;

/**
 * The byte that each character of a byte-level vocabulary stands for (GPT-2, `bytes_to_unicode`): printable Latin-1
 * stands for itself, the other 68 bytes for the characters from U+0100 on, in order.
 */
export function byteLevelAlphabet(): ReadonlyMap<string, number> {
  const alphabet = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
    alphabet.set(String.fromCharCode(printable ? byte : next++), byte);
  }
  return alphabet;
}

/** Raw bytes of a byte-level token; characters outside the alphabet stand for themselves. */
export function byteLevelBytes(token: string, alphabet: ReadonlyMap<string, number>): Uint8Array {
  return Uint8Array.from(
    [...token].flatMap((character) => alphabet.get(character) ?? [...UTF8.encode(character)]),
  );
}

/** Raw bytes of a SentencePiece token: `<0xNN>` is one byte, `▁` is a space. */
export function sentencePieceBytes(token: string): Uint8Array {
  const byte = BYTE_TOKEN.exec(token);
  return byte ? Uint8Array.of(Number.parseInt(byte[1], 16)) : UTF8.encode(token.replace(METASPACE, ' '));
}
