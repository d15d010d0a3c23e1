import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTokenizer } from '@midtrain/core';
import { afterAll, expect, test } from 'vitest';
import { controlledCorpus } from './controlled-corpus.js';
import { writeTokenizerFiles } from './tokenizer-files.js';
import { WORDS } from './vocabulary.js';

const folder = await mkdtemp(join(tmpdir(), 'midtrain-controlled-'));
afterAll(() => rm(folder, { recursive: true }));

test('the tokenizer that is written makes a document’s tokens of its text, and its text of them', async () => {
  await writeTokenizerFiles(folder);
  const tokenizer = await loadTokenizer(folder);
  expect(tokenizer.vocabularySize).toBe(WORDS.length);
  const { test: documents } = controlledCorpus({
    documents: { base: 0, train: 0, validation: 0, test: 100 },
    questions: { train: 0, test: 0 },
    noise: 1,
  });
  for (const { text, tokenIds } of documents) {
    const ids = tokenizer.encode(text);
    expect([...ids, tokenizer.eosTokenId]).toEqual([...tokenIds]);
    expect(tokenizer.decode(ids)).toBe(text);
  }
});
