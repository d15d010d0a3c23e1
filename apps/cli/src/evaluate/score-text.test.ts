import { disposePolicy, initialisePolicy, type ModelConfig } from '@midtrain/core';
import { thresholdTiers } from '@midtrain/curriculum';
import { type SelectedBackend, selectBackend } from '@midtrain/kernels';
import { zerosLike } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scoreText } from './score-text.js';

const CONFIG: ModelConfig = {
  family: 'llama',
  vocabularySize: 48,
  hiddenSize: 16,
  layers: 1,
  heads: 2,
  keyValueHeads: 2,
  headDim: 8,
  intermediateSize: 32,
  rmsNormEpsilon: 1e-6,
  ropeTheta: 10_000,
  maxPositions: 64,
  tieWordEmbeddings: false,
  attentionBias: false,
  mlpBias: false,
  initializerRange: 0.5,
  eosTokenIds: [],
};

let backend: SelectedBackend;
beforeAll(async () => {
  backend = await selectBackend({ backend: 'wasm' });
});
afterAll(() => backend.close());

const documents = [Int32Array.of(1, 2, 3, 0, 5), Int32Array.of(7, 0, 9)];

describe('scoreText', () => {
  test('of a uniform policy: ln V nats a token, all tokens as hard as can be', async () => {
    const policy = initialisePolicy(CONFIG, 1);
    const head = policy.parameters['lm_head.weight'];
    head.assign(zerosLike(head));
    const score = await scoreText({ policy, documents, tiers: thresholdTiers() });
    disposePolicy(policy);
    // 4 tokens of the first document and 2 of the second have others before them.
    expect(score.tokens).toBe(6);
    expect(score.nll).toBeCloseTo(Math.log(48), 5);
    expect(score.tiers.map(({ name, n }) => [name, n])).toEqual([
      ['easy', 0],
      ['medium', 0],
      ['hard', 6],
    ]);
    expect(score.accuracy.n).toBe(6);
  });

  test('does not depend on how many documents are read at once', async () => {
    const policy = initialisePolicy(CONFIG, 2);
    const options = { policy, documents, tiers: thresholdTiers() };
    const together = await scoreText(options);
    const alone = await scoreText({ ...options, tokensPerPass: 1 });
    disposePolicy(policy);
    expect(alone.nll).toBeCloseTo(together.nll, 5);
    expect({ ...alone, nll: 0 }).toEqual({ ...together, nll: 0 });
  });
});
