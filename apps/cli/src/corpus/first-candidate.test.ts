import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstCandidateAfter } from './first-candidate.js';

/** Each byte is a token, id 256 begins a text. */
const bytes = {
  bosTokenId: 256,
  tokenBytes: (id: number) => (id === 256 ? new TextEncoder().encode('<s>') : Uint8Array.of(id)),
};
const encode = (text: string) => [...new TextEncoder().encode(text)];

describe('firstCandidateAfter', () => {
  test('is the byte after the first marker, in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        fc.pre(!before.includes('\n'));
        const text = `${before}\n${after}`;
        expect(firstCandidateAfter('\n', text, encode(text), bytes)).toBe(encode(before).length + 1);
      }),
    );
  });

  test('leaves out a token that the tokenizer put before the text', () => {
    expect(firstCandidateAfter('b', 'abc', [256, ...encode('abc')], bytes)).toBe(3);
    expect(firstCandidateAfter('b', '<s>abc', [256, ...encode('abc')], bytes)).toBe(3);
  });

  test('waits for a token that begins after the marker', () => {
    const words = { tokenBytes: (id: number) => new TextEncoder().encode(['a\nb', 'c'][id]) };
    expect(firstCandidateAfter('\n', 'a\nbc', [0, 1], words)).toBe(1);
  });

  test('is the number of tokens where there is no marker', () => {
    expect(firstCandidateAfter('\n', 'abc', encode('abc'), bytes)).toBe(3);
  });
});
