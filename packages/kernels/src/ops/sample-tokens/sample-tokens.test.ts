import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { candidates, useReference } from '../conformance/backends.js';
import { normals, uniformGenerator } from '../conformance/random.js';
import { type SampleTokensOptions, sampleTokens } from './sample-tokens.js';

const DRAWS = 20_000;
const LOGITS = [1.2, -0.4, 0.3, 2.1, -2.5, 0.9, 0, -1.1];

/** Row after row the same logits: the hidden state 1 times a head of one column. */
function draw(logits: readonly number[], uniforms: readonly number[], options: SampleTokensOptions = {}) {
  const hidden = tf.ones<tf.Rank.R2>([uniforms.length, 1]);
  return sampleTokens(
    hidden,
    tf.tensor2d([...logits], [logits.length, 1]),
    tf.tensor1d([...uniforms]),
    options,
  );
}

const uniformsOf = (count: number, seed: number): number[] => {
  const uniform = uniformGenerator(seed);
  return Array.from({ length: count }, () => Math.fround(uniform() * 0.9999999));
};

function softmax(logits: readonly number[], temperature = 1): number[] {
  const weights = logits.map((logit) => Math.exp(logit / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Top-k, then top-p, on probabilities, as transformers' warpers in their order; renormalised. */
function filtered(probabilities: readonly number[], topK: number, topP: number): number[] {
  const order = probabilities.map((_, id) => id).sort((a, b) => probabilities[b] - probabilities[a]);
  const allowed = order.slice(0, topK);
  const total = allowed.reduce((sum, id) => sum + probabilities[id], 0);
  let before = 0;
  const kept = allowed.filter((id) => {
    const stays = before < topP * total;
    before += probabilities[id];
    return stays;
  });
  const keptTotal = kept.reduce((sum, id) => sum + probabilities[id], 0);
  return probabilities.map((p, id) => (kept.includes(id) ? p / keptTotal : 0));
}

const cpu = { name: 'cpu', use: useReference };

describe.each([cpu, ...(await candidates())])('sampleTokens on $name', ({ use }) => {
  beforeAll(use);

  it.each<[SampleTokensOptions]>([
    [{}],
    [{ temperature: 0.7 }],
    [{ temperature: 2, topK: 5 }],
    [{ topP: 0.8 }],
    [{ temperature: 1.3, topK: 6, topP: 0.7 }],
  ])('draws with the probabilities of %o (chi-square)', async (options) => {
    const { temperature = 1, topK = LOGITS.length, topP = 1 } = options;
    const { tokenIds_N } = draw(LOGITS, uniformsOf(DRAWS, 5), options);
    const counts = LOGITS.map(() => 0);
    for (const id of await tokenIds_N.data()) counts[id]++;
    const expected = filtered(softmax(LOGITS, temperature), topK, topP).map((p) => p * DRAWS);
    const terms = expected.flatMap((count, id) => (count > 0 ? [(counts[id] - count) ** 2 / count] : []));
    expected.forEach((count, id) => void (count === 0 && expect(counts[id]).toBe(0)));
    // 99.9 % quantile of chi-square with up to seven degrees of freedom.
    expect(terms.reduce((sum, term) => sum + term, 0)).toBeLessThan(24.32);
  });

  it('inverts the distribution function: the token whose interval holds the number', async () => {
    const probabilities = softmax(LOGITS);
    const middles = probabilities.map(
      (p, id) => probabilities.slice(0, id).reduce((sum, q) => sum + q, 0) + p / 2,
    );
    const { tokenIds_N, logProbs_N } = draw(LOGITS, middles);
    expect([...(await tokenIds_N.data())]).toEqual(LOGITS.map((_, id) => id));
    (await logProbs_N.data()).forEach((logProb, id) => {
      expect(logProb).toBeCloseTo(Math.log(probabilities[id]), 5);
    });
  });

  it('stays within the tokens that have weight at both ends', async () => {
    const { tokenIds_N } = draw([-200, 0, 1, -200], [0, 0.99999994], {});
    expect([...(await tokenIds_N.data())]).toEqual([1, 2]);
  });

  it('takes the first of the most likely tokens at temperature 0, log-probability at temperature 1', async () => {
    const { tokenIds_N, logProbs_N } = draw([0.5, 2, 2, -1], [0.9, 0.1], { temperature: 0 });
    expect([...(await tokenIds_N.data())]).toEqual([1, 1]);
    expect((await logProbs_N.data())[0]).toBeCloseTo(Math.log(softmax([0.5, 2, 2, -1])[1]), 5);
  });

  it('keeps log-probabilities unfiltered', async () => {
    const { tokenIds_N, logProbs_N } = draw(LOGITS, [0.5], { temperature: 0.5, topK: 1 });
    expect([...(await tokenIds_N.data())]).toEqual([3]);
    expect((await logProbs_N.data())[0]).toBeCloseTo(Math.log(softmax(LOGITS, 0.5)[3]), 5);
  });

  it('gives the same tokens for the same numbers, whatever the chunks', async () => {
    const hidden = tf.tensor2d(normals(70 * 8, 1), [70, 8]);
    const weight = tf.tensor2d(normals(90 * 8, 2), [90, 8]);
    const uniforms = tf.tensor1d(uniformsOf(70, 3));
    const [once, again, chunked] = await Promise.all(
      [{}, {}, { chunkTokens: 7 }].map(async (options) => [
        ...(await sampleTokens(hidden, weight, uniforms, options).tokenIds_N.data()),
      ]),
    );
    expect(again).toEqual(once);
    expect(chunked).toEqual(once);
  });

  it.each<[SampleTokensOptions]>([
    [{}],
    [{ temperature: 0 }],
    [{ topK: 3 }],
    [{ topP: 0.8 }],
    [{ topK: 3, topP: 0.8 }],
  ])(
    'gives some token of the vocabulary, of no log-probability, where logits are not numbers: %o',
    async (options) => {
      const rows = [1, Number.NaN, Number.POSITIVE_INFINITY, 1];
      const { tokenIds_N, logProbs_N } = sampleTokens(
        tf.tensor2d(rows, [rows.length, 1]),
        tf.tensor2d(LOGITS, [LOGITS.length, 1]),
        tf.tensor1d([0.3, 0.3, 0.3, 0.99]),
        options,
      );
      for (const id of await tokenIds_N.data()) expect(LOGITS[id]).toBeDefined();
      expect([...(await logProbs_N.data())].map(Number.isNaN)).toEqual([false, true, true, false]);
    },
  );

  it('draws nothing for no rows', async () => {
    const { tokenIds_N, logProbs_N } = sampleTokens(tf.zeros([0, 3]), tf.zeros([5, 3]), tf.zeros([0]));
    expect([tokenIds_N.shape, tokenIds_N.dtype, logProbs_N.shape]).toEqual([[0], 'int32', [0]]);
  });
});

describe('sampleTokens', () => {
  beforeAll(useReference);

  it.each<[SampleTokensOptions, string]>([
    [{ temperature: -1 }, 'temperature must not be negative, got -1'],
    [{ topP: 0 }, 'topP must be in (0, 1], got 0'],
    [{ topK: 1.5 }, 'topK must be a positive integer, got 1.5'],
    [{ chunkTokens: 0 }, 'chunkTokens must be a positive integer, got 0'],
  ])('refuses %o', (options, message) => {
    expect(() => draw(LOGITS, [0.5], options)).toThrowError(
      expect.objectContaining({ code: 'OPERATION_INPUT', message: `sampleTokens: ${message}` }),
    );
  });

  it('names shapes that do not fit', () => {
    expect(() => sampleTokens(tf.zeros([2, 3]), tf.zeros([5, 4]), tf.zeros([2]))).toThrow(
      'sampleTokens: expected hidden [N, D] and weight [V, D], got [2,3] and [5,4]',
    );
    expect(() => sampleTokens(tf.zeros([2, 3]), tf.zeros([5, 3]), tf.zeros([3]))).toThrow(
      'sampleTokens: expected uniforms [2], got [3]',
    );
  });
});
