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

  it('has no text for the padding rows of a model, and refuses what no model has', () => {
    expect(tokenizer.tokenBytes(2048)).toEqual(new Uint8Array());
    const ids = tokenizer.encode('Tom has 3');
    expect(tokenizer.decode([...ids, 2048, 5000])).toBe('Tom has 3');
    expect(() => tokenizer.tokenBytes(-1)).toThrow(/tokenizer\.json: has no token -1/);
    expect(() => tokenizer.decode([5, 1.5])).toThrow(TokenizerError);
  });

  it('refuses a model with too few rows', () => {
    expect(() => requireFittingTokenizer(tokenizer, { vocabularySize: 2047 }, 'model')).toThrow(
      /^model: the tokenizer has 2048 tokens but the model's vocab_size is 2047/,
    );
    requireFittingTokenizer(tokenizer, { vocabularySize: 2048 }, 'model');
  });
});

describe('a SentencePiece tokenizer with byte fallback, as of Llama 2', () => {
  it('has raw bytes that are the text after the space put before it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tokenizer-'));
    const bytes = Array.from(
      { length: 256 },
      (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    );
    const vocab = Object.fromEntries(
      ['<s>', ...bytes, '▁', 'a', 'b', '▁a', 'ab'].map((token, id) => [token, id]),
    );
    const json = {
      added_tokens: [{ id: 0, content: '<s>', special: true }],
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Prepend', prepend: '▁' },
          { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
        ],
      },
      post_processor: {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
        pair: [],
        special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] } },
      },
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
      model: {
        type: 'BPE',
        vocab,
        merges: ['▁ a', 'a b'],
        byte_fallback: true,
        fuse_unk: true,
        unk_token: null,
      },
    };
    await writeFile(join(directory, 'tokenizer.json'), JSON.stringify(json));
    const tokenizer = await loadTokenizer(directory);
    await rm(directory, { recursive: true });

    expect(tokenizer.encode('ab b')).toEqual([0, vocab['▁a'], vocab.b, vocab['▁'], vocab.b]);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '😀', '\n') }), (text) => {
        const ids = tokenizer.encode(text, { addSpecialTokens: false });
        const expected = text === '' ? '' : ` ${text}`;
        expect(joinedBytes(tokenizer, ids).toString('utf8')).toBe(expected);
        expect(tokenizer.decode(tokenizer.encode(text), { skipSpecialTokens: true })).toBe(text);
      }),
    );
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
    [
      'an unknown normaliser',
      JSON.stringify({ model, normalizer: { type: 'None' } }),
      /normalizer: is of type None, expected one of Sequence, NFC/,
    ],
    [
      'pieces of no length',
      JSON.stringify({ model, pre_tokenizer: { type: 'FixedLength', length: 0 } }),
      /pre_tokenizer: is of type FixedLength, expected one of/,
    ],
    [
      'a step without a type',
      JSON.stringify({
        model,
        pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'ByteLevel' }, 7] },
      }),
      /pre_tokenizer: has a step without a type/,
    ],
    [
      'sequences without end',
      `{"model":${JSON.stringify(model)},"decoder":${'{"type":"Sequence","decoders":['.repeat(5000)}${']}'.repeat(5000)}}`,
      /decoder\.decoders: expected a list of at most 64 steps, in sequences at most 8 deep/,
    ],
    [
      'a pattern that is too long',
      JSON.stringify({ model, pre_tokenizer: { type: 'Split', pattern: { Regex: 'a'.repeat(5000) } } }),
      /Split\.pattern\.Regex: expected a text of at most 4096 characters/,
    ],
    [
      'no pattern',
      JSON.stringify({ model, pre_tokenizer: { type: 'Split', pattern: {}, behavior: 'Isolated' } }),
      /pre_tokenizer: Split\.pattern: expected a String or a Regex/,
    ],
    [
      'a broken pattern',
      JSON.stringify({
        model,
        pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' },
      }),
      /cannot be loaded/,
    ],
    [
      'a name over many lines',
      JSON.stringify({ model, normalizer: { type: `a\n\u2028${'b'.repeat(5000)}` } }),
      /^[^\n\u2028]{300,700}$/,
    ],
  ])('are refused: %s', async (_, text, message) => {
    await writeFile(join(directory, 'tokenizer.json'), text);
    await expect(loadTokenizer(directory)).rejects.toThrow(TokenizerError);
    await expect(loadTokenizer(directory)).rejects.toThrow(message);
  });

  it('whose pattern backtracks without end are given up on in bounded time', async () => {
    const split = { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated' };
    await writeFile(join(directory, 'tokenizer.json'), JSON.stringify({ model, pre_tokenizer: split }));
    const tokenizer = await loadTokenizer(directory);
    expect(tokenizer.encode('aa')).toEqual([0, 0]);
    expect(() => tokenizer.encode(`${'a'.repeat(60)}b`)).toThrow(
      /tokenizer\.json: its steps fail on a text of 61 characters \(took more than \d+ ms\)/,
    );
    expect(tokenizer.encode('a')).toEqual([0]);
  }, 60_000);

  it('whose replacements let the text grow without end are given up on', async () => {
    const grow = { type: 'Replace', pattern: { String: 'a' }, content: 'a'.repeat(60) };
    const normalizer = { type: 'Sequence', normalizers: Array.from({ length: 40 }, () => grow) };
    await writeFile(join(directory, 'tokenizer.json'), JSON.stringify({ model, normalizer }));
    const tokenizer = await loadTokenizer(directory);
    expect(() => tokenizer.encode('aaaa')).toThrow(/its steps fail on a text of 4 characters/);
  }, 60_000);

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
