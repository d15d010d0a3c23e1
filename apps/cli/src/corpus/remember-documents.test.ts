import { expect, test } from 'vitest';
import { corpusConfig } from '../config/corpus-config.js';
import type { LoadDocumentsOptions } from './load-documents.js';
import { rememberDocuments } from './remember-documents.js';

test('reads a corpus once, and another, or one split otherwise, by itself', async () => {
  const asked: unknown[] = [];
  const load = rememberDocuments(async (options) => {
    asked.push(options.corpus.files);
    const document = { id: String(asked.length), tokenIds: Int32Array.of(1, 2) };
    return {
      training: [{ ...document, source: { ...document, text: 'ab', fields: {} } }],
      heldOut: [],
      overlong: 0,
    };
  });
  const read = async (changes: object, seed = 0) => {
    const corpus = corpusConfig.parse({ files: 'a.txt', ...changes });
    return (await load({ corpus, seed, roomTokens: 9, configFile: 'c' } as LoadDocumentsOptions)).training[0]
      .id;
  };
  expect([await read({}), await read({}), await read({}, 5)]).toEqual(['1', '1', '1']);
  expect(await read({ files: 'b.txt' })).toBe('2');
  expect([await read({ heldOut: 0.1 }, 1), await read({ heldOut: 0.1 }, 2)]).toEqual(['3', '4']);
});
