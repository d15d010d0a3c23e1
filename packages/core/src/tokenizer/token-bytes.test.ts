import { expect, it } from 'vitest';
import { byteLevelAlphabet, byteLevelBytes, sentencePieceBytes } from './token-bytes.js';

it('has one character for each byte; the space is Ġ and the line feed Ċ, as in GPT-2', () => {
  const alphabet = byteLevelAlphabet();
  expect(new Set(alphabet.values()).size).toBe(256);
  expect([...'Ġ Ċ ! ~ ¡ ÿ Ń'.split(' ')].map((character) => alphabet.get(character))).toEqual([
    0x20, 0x0a, 0x21, 0x7e, 0xa1, 0xff, 0xad,
  ]);
});

it('reads byte-level tokens that are no whole character', () => {
  expect([...byteLevelBytes('Ġâ', byteLevelAlphabet())]).toEqual([0x20, 0xe2]);
});

it('reads SentencePiece tokens', () => {
  expect(Buffer.from(sentencePieceBytes('▁é▁')).toString('utf8')).toBe(' é ');
  expect([...sentencePieceBytes('<0xE2>')]).toEqual([0xe2]);
  expect(Buffer.from(sentencePieceBytes('<0xE2>x')).toString('utf8')).toBe('<0xE2>x');
});
