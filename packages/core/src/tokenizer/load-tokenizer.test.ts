import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import { requireFittingTokenizer } from './require-fitting-tokenizer.js';
import type { Tokenizer } from './tokenizer.js';
import { TokenizerError } from './tokenizer-error.js';

const QUICKSTART = fileURLToPath(new URL('../../../../apps/cli/assets/tokenizer', import.meta.url));

const joinedBytes = (tokenizer: Tokenizer, ids: number[]) =>
  Buffer.concat(ids.map((id) => tokenizer.tokenBytes(id)));

describe("the quickstart's tokenizer", () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadTokenizer(QUICKSTART);
  });

  it('has 2,048 tokens, its markers among them', () => {
    expect(tokenizer.vocabularySize).toBe(2048);
    expect(tokenizer.eosTokenId).toBe(tokenizer.specialTokenId('<|endoftext|>'));
    expect(tokenizer.padTokenId).toBe(tokenizer.specialTokenId('<|pad|>'));
    expect(tokenizer.bosTokenId).toBeUndefined();
    for (const marker of ['<think>', '</think>', '<|budget|>']) {
      expect(tokenizer.encode(marker)).toEqual([tokenizer.specialTokenId(marker)]);
    }
    expect(tokenizer.specialTokenId('<none>')).toBeUndefined();
  });

  it('gives each digit a token of its own', () => {
    expect(tokenizer.encode('48/2=24').map((id) => tokenizer.decode([id]))).toEqual([...'48/2=24']);
  });

  it('has a token for every byte', () => {
    const single = new Set<number>();
    for (let id = 0; id < tokenizer.vocabularySize; id++) {
      const bytes = tokenizer.tokenBytes(id);
      if (bytes.length === 1) single.add(bytes[0]);
    }
    expect(single.size).toBe(256);
  });

  it('keeps every text: the raw bytes of its tokens are its UTF-8, and decoding gives it back', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom(' ', '\n', '\t', 'a', 'é', '7', '½', '₹', '😀', "'s", '<think>', '\u0085'),
        maxLength: 40,
      }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const ids = tokenizer.encode(value, { addSpecialTokens: false });
        expect(joinedBytes(tokenizer, ids).equals(Buffer.from(value, 'utf8'))).toBe(true);
        expect(tokenizer.decode(ids)).toBe(Buffer.from(value, 'utf8').toString('utf8'));
      }),
      { numRuns: 500 },
    );
  });

  it('hides special tokens, but not the thought markers, on request', () => {
    const ids = tokenizer.encode('<think>1</think>2<|endoftext|>');
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('<think>1</think>2');
    expect(tokenizer.decode([])).toBe('');
  });

  it('refuses ids that it does not have', () => {
    expect(() => tokenizer.tokenBytes(2048)).toThrow(/tokenizer\.json: has no token 2048/);
    expect(() => tokenizer.decode([5, -1])).toThrow(TokenizerError);
  });

  it('refuses a model with too few rows', () => {
    expect(() => requireFittingTokenizer(tokenizer, { vocabularySize: 2047 }, 'model')).toThrow(
      /^model: the tokenizer has 2048 tokens but the model's vocab_size is 2047/,
    );
    requireFittingTokenizer(tokenizer, { vocabularySize: 2048 }, 'model');
  });
});

describe('broken tokenizer files', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tokenizer-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const model = { type: 'BPE', vocab: { a: 0 }, merges: [] };
  it.each([
    ['not JSON', '{', /tokenizer\.json: is not valid JSON/],
    ['an array', '[]', /tokenizer\.json: Invalid input/],
    ['no model', '{}', /tokenizer\.json: model: /],
    [
      'another kind',
      JSON.stringify({ model: { ...model, type: 'WordPiece' } }),
      /model\.type: expected 'BPE'/,
    ],
    ['a negative id', JSON.stringify({ model: { ...model, vocab: { a: -1 } } }), /model\.vocab\.a: /],
    ['an unknown normaliser', JSON.stringify({ model, normalizer: { type: 'None' } }), /cannot be loaded/],
  ])('are refused: %s', async (_, text, message) => {
    await writeFile(join(directory, 'tokenizer.json'), text);
    await expect(loadTokenizer(directory)).rejects.toThrow(TokenizerError);
    await expect(loadTokenizer(directory)).rejects.toThrow(message);
  });

  it('are named where they are missing', async () => {
    await expect(loadTokenizer(join(directory, 'nowhere'))).rejects.toThrow(/tokenizer\.json: not found/);
  });

  it('are refused where an end-of-text token has no id', async () => {
    await writeFile(join(directory, 'tokenizer.json'), JSON.stringify({ model }));
    await writeFile(
      join(directory, 'tokenizer_config.json'),
      JSON.stringify({ eos_token: { content: '</s>' } }),
    );
    await expect(loadTokenizer(directory)).rejects.toThrow(/eos_token is "<\/s>"/);
  });
});
