import type { ModelConfig } from '@midtrain/core';
import { expect, test } from 'vitest';
import { lineFlops, productWeights } from './compute-cost.js';

const CONFIG: ModelConfig = {
  family: 'qwen3',
  vocabularySize: 100,
  hiddenSize: 8,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headDim: 2,
  intermediateSize: 24,
  rmsNormEpsilon: 1e-6,
  ropeTheta: 10_000,
  maxPositions: 64,
  tieWordEmbeddings: true,
  attentionBias: false,
  mlpBias: false,
  initializerRange: 0.02,
  eosTokenIds: [],
};

test('counts the weights of the matrix products: queries, keys, values, output, three of the MLP, the head once', () => {
  const layer = 8 * 8 + 2 * (8 * 4) + 8 * 8 + 3 * 8 * 24;
  expect(productWeights(CONFIG)).toBe(2 * layer + 100 * 8);
  expect(productWeights({ ...CONFIG, tieWordEmbeddings: false })).toBe(2 * layer + 100 * 8);
});

test('counts two operations a weight and token forwards and four backwards', () => {
  // Next-token training: everything goes forward and backward.
  expect(lineFlops({ tokens: 50, seconds: 1 }, 10)).toBe(6 * 10 * 50);
  // Mid-training: 30 read and 12 sampled forward alone, the other 58 forward and backward.
  expect(lineFlops({ tokens: 100, readTokens: 30, sampledTokens: 12, seconds: 1 }, 10)).toBe(
    10 * (2 * 42 + 6 * 58),
  );
});
