import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../tokenizer/load-tokenizer.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { type BatchCursor, batchCursor } from './batch-cursor.js';
import { collectCorpus } from './collect-corpus.js';
import type { CorpusDocument } from './corpus.js';
import { CorpusError } from './corpus-error.js';
import { packDocuments } from './pack-documents.js';
import { shuffleCorpus } from './shuffle-corpus.js';
import { splitCorpus } from './split-corpus.js';
import { tokenizeCorpus } from './tokenize-corpus.js';

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
const repeatable = <T>(items: readonly T[]): AsyncIterable<T> => ({
  [Symbol.asyncIterator]: () => stream(items),
});
const document = (id: string, text = id): CorpusDocument => ({ id, text, fields: {} });
const numbers = (length: number) => Array.from({ length }, (_, i) => i);

describe('shuffling', () => {
  it('keeps every document once, in an order that the seed decides', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(60),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(),
        async (length, bufferSize, seed) => {
          const once = await collectCorpus(shuffleCorpus(repeatable(numbers(length)), { seed, bufferSize }));
          const again = await collectCorpus(shuffleCorpus(repeatable(numbers(length)), { seed, bufferSize }));
          expect(again).toEqual(once);
          expect(once.toSorted((a, b) => a - b)).toEqual(numbers(length));
          for (const [place, item] of once.entries()) expect(item - place).toBeLessThanOrEqual(bufferSize);
        },
      ),
    );
  });

  it('makes every order of four equally likely', async () => {
    const counts = new Map<string, number>();
    const draws = 4800;
    for (let seed = 0; seed < draws; seed++) {
      const order = (await collectCorpus(shuffleCorpus(stream(numbers(4)), { seed }))).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    const expected = draws / 24;
    const chiSquare = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    expect(counts.size).toBe(24);
    // 99.9 % point of chi-square with 23 degrees of freedom.
    expect(chiSquare).toBeLessThan(49.73);
  });

  it('refuses a buffer of no size', () => {
    expect(() => shuffleCorpus(stream([]), { seed: 1, bufferSize: 0 })).toThrow(/^bufferSize: is 0/);
  });
});

describe('splitting', () => {
  const documents = numbers(20_000).map((i) => document(`a.jsonl:${i}`));

  it('puts each document in one part, about the share asked for, whatever else there is', async () => {
    const whole = splitCorpus(repeatable(documents), { heldOut: 0.05, seed: 3 });
    const heldOut = await collectCorpus(whole.heldOut);
    const training = await collectCorpus(whole.training);
    const ids = (part: CorpusDocument[]) => part.map(({ id }) => id);
    expect(new Set([...ids(heldOut), ...ids(training)]).size).toBe(20_000);
    expect(heldOut.length + training.length).toBe(20_000);
    // Four standard deviations of a binomial with n = 20,000 and p = 0.05.
    expect(Math.abs(heldOut.length - 1000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.05 * 0.95));

    const half = splitCorpus(repeatable(documents.slice(0, 10_000)), { heldOut: 0.05, seed: 3 });
    expect(await collectCorpus(half.heldOut)).toEqual(
      heldOut.filter((one) => Number(one.id.slice(8)) < 10_000),
    );
    const other = splitCorpus(repeatable(documents), { heldOut: 0.05, seed: 4 });
    expect(ids(await collectCorpus(other.heldOut))).not.toEqual(ids(heldOut));
  });

  it('says so where a part has nothing, unless it should have nothing', async () => {
    const split = splitCorpus(repeatable([document('a')]), { heldOut: 0.5, seed: 0 });
    const sizes = await Promise.all(
      [split.heldOut, split.training].map((part) =>
        collectCorpus(part).then(
          (all) => all.length,
          (error: CorpusError) => error.code,
        ),
      ),
    );
    expect(sizes.map(String).sort()).toEqual(['1', 'empty_corpus']);
    expect(
      await collectCorpus(splitCorpus(repeatable([document('a')]), { heldOut: 0, seed: 0 }).heldOut),
    ).toEqual([]);
    expect(() => splitCorpus(stream<CorpusDocument>([]), { heldOut: 5, seed: 0 })).toThrow(/^heldOut: is 5/);
  });
});

describe('tokenising', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadTokenizer(
      fileURLToPath(new URL('../../../../apps/cli/assets/tokenizer', import.meta.url)),
    );
  });
  const short = document('a.jsonl:1', '12');
  const long = document('a.jsonl:2', '12345');

  it('gives the tokens, and the end of text on request', async () => {
    const [plain] = await collectCorpus(tokenizeCorpus(stream([short]), tokenizer, { maxTokens: 2 }));
    expect(plain).toEqual({ ...short, tokenIds: Int32Array.from(tokenizer.encode('12')) });
    const [ended] = await collectCorpus(
      tokenizeCorpus(stream([short]), tokenizer, { maxTokens: 3, appendEos: true }),
    );
    expect([...ended.tokenIds]).toEqual([...plain.tokenIds, tokenizer.eosTokenId]);
  });

  it('refuses, cuts or skips what is too long, and tells', async () => {
    const told: [string, number][] = [];
    const onOverlong = ({ id }: CorpusDocument, tokens: number) => told.push([id, tokens]);
    const tokenize = (overlong?: 'error' | 'truncate' | 'skip') =>
      collectCorpus(tokenizeCorpus(stream([short, long]), tokenizer, { maxTokens: 4, overlong, onOverlong }));
    await expect(tokenize()).rejects.toThrow(/^a\.jsonl:2: has 5 tokens, expected at most 4; /);
    await expect(tokenize()).rejects.toMatchObject({ code: 'document_too_long' });
    expect(told).toEqual([]);
    expect((await tokenize('skip')).map(({ id }) => id)).toEqual(['a.jsonl:1']);
    expect((await tokenize('truncate')).map(({ tokenIds }) => tokenizer.decode(tokenIds))).toEqual([
      '12',
      '1234',
    ]);
    expect(told).toEqual([
      ['a.jsonl:2', 5],
      ['a.jsonl:2', 5],
    ]);
  });

  it('refuses an end of text that the tokenizer lacks, and a maximum of nothing', () => {
    const without = { ...tokenizer, eosTokenId: undefined };
    expect(() => tokenizeCorpus(stream([short]), without, { maxTokens: 4, appendEos: true })).toThrow(
      /^appendEos: /,
    );
    expect(() => tokenizeCorpus(stream([short]), tokenizer, { maxTokens: 0 })).toThrow(/^maxTokens: is 0/);
  });
});

describe('packing', () => {
  it('loses no token and adds none but the separators', () => {
    const documents = fc.array(fc.array(fc.nat(99)).map((tokenIds) => ({ tokenIds })));
    fc.assert(
      fc.property(
        documents,
        fc.integer({ min: 1, max: 9 }),
        fc.option(fc.constant(100), { nil: undefined }),
        (all, sequenceLength, separatorTokenId) => {
          const { rows, remainder } = packDocuments(all, { sequenceLength, separatorTokenId });
          const separator = separatorTokenId === undefined ? [] : [separatorTokenId];
          expect([...rows, remainder].flatMap((row) => [...row])).toEqual(
            all.flatMap(({ tokenIds }) => [...tokenIds, ...separator]),
          );
          expect(rows.every((row) => row.length === sequenceLength)).toBe(true);
          expect(remainder.length).toBeLessThan(sequenceLength);
        },
      ),
    );
    expect(() => packDocuments([], { sequenceLength: 0 })).toThrow(CorpusError);
  });
});

describe('batches', () => {
  const take = (cursor: BatchCursor, count: number) => Array.from({ length: count }, () => cursor.next());

  it('go through every document once an epoch, in a new order each time', () => {
    const cursor = batchCursor({ length: 12, batchSize: 4, seed: 5 });
    const epochs = [take(cursor, 3).flat(), take(cursor, 3).flat()];
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual(numbers(12));
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(cursor.state()).toEqual({ epoch: 2, offset: 0, seed: 5, length: 12 });
  });

  it('are always full, also where an epoch ends in between', () => {
    const cursor = batchCursor({ length: 5, batchSize: 3, seed: 0, shuffled: false });
    expect(take(cursor, 4)).toEqual([
      [0, 1, 2],
      [3, 4, 0],
      [1, 2, 3],
      [4, 0, 1],
    ]);
  });

  it('go on from a saved place as if nothing had happened', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        fc.nat(30),
        fc.nat(30),
        fc.nat(),
        (length, size, before, after, seed) => {
          const options = { length, batchSize: 1 + (size % length), seed };
          const whole = take(batchCursor(options), before + after);
          const cursor = batchCursor(options);
          take(cursor, before);
          const state = JSON.parse(JSON.stringify(cursor.state()));
          expect(take(batchCursor({ ...options, state }), after)).toEqual(whole.slice(before));
        },
      ),
    );
  });

  it('do not go on in another corpus, or from nowhere', () => {
    const state = batchCursor({ length: 5, batchSize: 3, seed: 0 }).state();
    const options = { length: 5, batchSize: 3, seed: 0 };
    expect(() => batchCursor({ ...options, length: 6, state })).toThrow(
      /corpus of 5 documents with seed 0, but this is one of 6/,
    );
    expect(() => batchCursor({ ...options, seed: 1, state })).toThrow(/with seed 1/);
    expect(() => batchCursor({ ...options, state: { ...state, offset: 5 } })).toThrow(/^state\.offset: is 5/);
    expect(() => batchCursor({ ...options, batchSize: 6 })).toThrow(
      /^batchSize: is 6, expected a whole number in 1\.\.5/,
    );
    expect(() => batchCursor({ ...options, length: 0 })).toThrow(/^length: is 0/);
  });
});
