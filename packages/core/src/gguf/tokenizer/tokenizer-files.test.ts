import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../tokenizer/load-tokenizer.js';
import { GgufError } from '../gguf-error.js';
import { metadataReader } from '../metadata.js';
import type { GgufHeader } from '../read-gguf.js';
import { ggufTokenizerFiles } from './tokenizer-files.js';

const folder = await mkdtemp(join(tmpdir(), 'gguf-tokenizer-'));
afterAll(() => rm(folder, { recursive: true }));

type Values = Readonly<
  Record<string, GgufHeader['metadata'] extends ReadonlyMap<string, infer V> ? V : never>
>;
const filesOf = (values: Values) =>
  ggufTokenizerFiles(
    metadataReader(
      'model.gguf',
      new Map(Object.entries(values).map(([key, value]) => [`tokenizer.${key}`, value])),
    ),
    512,
  );

async function load(values: Values) {
  const { tokenizer, config } = filesOf(values);
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  return loadTokenizer(folder);
}

describe('a SentencePiece tokenizer', () => {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const pieces = ['▁', 'a', 'b', 'c', 'ab', 'bc', '▁a', 'abc', 'aa', '▁ab', 'cb', '▁abc', 'bab'];
  const tokens = ['<unk>', '<s>', '</s>', ...bytes, ...pieces];
  const types = [2, 3, 3, ...bytes.map(() => 6), ...pieces.map(() => 1)];
  // Distinct, and in another order than the ids.
  const scores = tokens.map((_, id) => -((id * 7) % tokens.length));

  /** As SentencePiece itself does: joins the neighbours with the highest score, the first of equals, until none join. */
  function bruteForce(text: string): number[] {
    const parts = [...`▁${text.replaceAll(' ', '▁')}`];
    for (;;) {
      let best = -1;
      let bestScore = Number.NEGATIVE_INFINITY;
      for (let i = 0; i + 1 < parts.length; i++) {
        const id = tokens.indexOf(parts[i] + parts[i + 1]);
        if (id >= 0 && scores[id] > bestScore) [best, bestScore] = [i, scores[id]];
      }
      if (best < 0) break;
      parts.splice(best, 2, parts[best] + parts[best + 1]);
    }
    return parts.flatMap((part) => {
      const id = tokens.indexOf(part);
      if (id >= 0) return [id];
      return [...Buffer.from(part)].map((byte) => tokens.indexOf(bytes[byte]));
    });
  }

  it('makes the tokens that joining by score makes, after the beginning-of-text token', async () => {
    const tokenizer = await load({
      'ggml.model': 'llama',
      'ggml.tokens': tokens,
      'ggml.token_type': types,
      'ggml.scores': scores,
      'ggml.bos_token_id': 1,
      'ggml.eos_token_id': 2,
    });
    expect(tokenizer.eosTokenId).toBe(2);
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', ' ', 'é', '😀'),
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, (value) => {
        expect(tokenizer.encode(value)).toEqual([1, ...bruteForce(value)]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a byte-level tokenizer', () => {
  const base: Values = {
    'ggml.model': 'gpt2',
    'ggml.pre': 'llama-bpe',
    'ggml.tokens': ['<|end|>', 'a', 'b', 'ab'],
    'ggml.token_type': [3, 1, 1, 1],
    'ggml.merges': ['a b'],
    'ggml.bos_token_id': 0,
  };

  it('begins with the beginning-of-text token where its kind does, unless the file says no', async () => {
    expect((await load(base)).encode('ab')).toEqual([0, 3]);
    expect((await load({ ...base, 'ggml.add_bos_token': false })).encode('ab')).toEqual([3]);
    expect((await load({ ...base, 'ggml.pre': 'qwen2' })).encode('ab')).toEqual([3]);
  });

  it.each<[string, Values, RegExp]>([
    [
      'another kind',
      { 'ggml.model': 'bert' },
      /tokenizer\.ggml\.model is "bert", expected 'gpt2' or 'llama'/,
    ],
    [
      'another family',
      { 'ggml.pre': 'tekken' },
      /tokenizer\.ggml\.pre is "tekken", expected one of gpt-2, smollm/,
    ],
    [
      'kinds of other tokens',
      { 'ggml.token_type': [1] },
      /token_type has 1 entries, expected one for each of 4/,
    ],
    [
      'a kind that is none',
      { 'ggml.token_type': [3, 1, 9, 1] },
      /token_type is 9 for token 2, expected 1 to 6/,
    ],
    [
      'a token twice',
      { 'ggml.tokens': ['<|end|>', 'a', 'a', 'ab'] },
      /token 2 is "a", which another one is too/,
    ],
    ['an id beyond the tokens', { 'ggml.bos_token_id': 7 }, /bos_token_id is 7, expected less than 4/],
    [
      'merges that are none',
      { 'ggml.merges': [1, 2] },
      /tokenizer\.ggml\.merges is a list of 2, expected a list of texts/,
    ],
  ])('is refused with %s', (_, changes, says) => {
    expect(() => filesOf({ ...base, ...changes })).toThrow(GgufError);
    expect(() => filesOf({ ...base, ...changes })).toThrow(says);
  });
});
