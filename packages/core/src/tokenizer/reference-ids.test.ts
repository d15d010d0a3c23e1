import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openCorpus } from '../corpus/open-corpus.js';
import { loadTokenizer } from './load-tokenizer.js';

// Ids by the reference implementation, Hugging Face's `tokenizers` in Rust: fixtures/make-tokenizers.py.
const fixtures = new URL('../../fixtures/', import.meta.url);
const assets = new URL('../../../../apps/cli/assets/', import.meta.url);
type Encoded = { readonly text: string; readonly ids: readonly number[] };

const readJson = async <T>(path: string): Promise<T> =>
  JSON.parse(await readFile(new URL(path, fixtures), 'utf8'));

it("gives the reference's ids with the quickstart's tokenizer: odd white space, digits, marks, emoji", async () => {
  const tokenizer = await loadTokenizer(fileURLToPath(new URL('tokenizer', assets)));
  const { strings } = await readJson<{ strings: Encoded[] }>('tokenizer-quickstart.json');
  expect(strings.length).toBe(600);
  expect(strings.filter(({ text, ids }) => tokenizer.encode(text).join() !== ids.join())).toEqual([]);
});

it("gives the reference's ids on GSM8K's test problems", async () => {
  const tokenizer = await loadTokenizer(fileURLToPath(new URL('tokenizer', assets)));
  const { gsm8kTest } = await readJson<{ gsm8kTest: { tokens: number; sha256: string } }>(
    'tokenizer-quickstart.json',
  );
  const digest = createHash('sha256');
  let tokens = 0;
  const file = fileURLToPath(new URL('gsm8k/test.jsonl.gz', assets));
  for await (const { text } of openCorpus({ files: [file], template: '{question}\n{answer}' })) {
    const ids = tokenizer.encode(text);
    tokens += ids.length;
    digest.update(`${ids.join()}\n`);
  }
  expect({ tokens, sha256: digest.digest('hex') }).toEqual(gsm8kTest);
});

it("gives the reference's ids with SmolLM2's tokenizer, and raw bytes that are the texts", async () => {
  const tokenizer = await loadTokenizer(fileURLToPath(new URL('tokenizer-smollm2', fixtures)));
  const strings = await readJson<Encoded[]>('tokenizer-smollm2/strings.json');
  const encoded = strings.map(({ text }) => tokenizer.encode(text, { addSpecialTokens: false }));
  expect(strings.filter(({ ids }, i) => encoded[i].join() !== ids.join())).toEqual([]);
  const lossy = strings.filter(({ text }, i) => {
    const bytes = Buffer.concat(encoded[i].map((id) => tokenizer.tokenBytes(id)));
    return !bytes.equals(Buffer.from(text, 'utf8'));
  });
  // SmolLM2's vocabulary lacks some control characters.
  expect(lossy.map(({ text }) => text)).toEqual(['\u0004\u0006\u0013 dropped']);
});
