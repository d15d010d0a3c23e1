import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textStream } from './text-stream.js';

test('pieces join to the text, however characters are split into tokens', () => {
  const stream = (text: string) => {
    const next = textStream({ tokenBytes: (id) => Uint8Array.of(id) });
    return [...new TextEncoder().encode(text)].map(next);
  };
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      // A byte-order mark at the start is not text to a decoder.
      fc.pre(!text.startsWith('\ufeff'));
      const pieces = stream(text);
      expect(pieces.join('')).toBe(text);
    }),
  );
});
