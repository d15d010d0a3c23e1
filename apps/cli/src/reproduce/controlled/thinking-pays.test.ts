import {
  disposePolicy,
  evaluatePositions,
  initialisePolicy,
  learningRate,
  type PositionOutcome,
  pretrain,
  type ReasoningOptions,
} from '@midtrain/core';
import { seededRandom } from '@midtrain/curriculum';
import { selectBackend } from '@midtrain/kernels';
import { afterAll, expect, test } from 'vitest';
import { studyColdStart } from './cold-start.js';
import { controlledCorpus } from './controlled-corpus.js';
import { lookUp } from './look-up.js';
import { WORDS, wordId } from './vocabulary.js';

const backend = await selectBackend({ backend: 'wasm' });
afterAll(() => backend.close());

const format = {
  instruction: () => [wordId('<think>')],
  endOfThought: wordId('</think>'),
};
const STEPS = 350;
const corpus = controlledCorpus({
  documents: { base: 0, train: 8 * STEPS, validation: 0, test: 100 },
  questions: { train: 0, test: 0 },
  asked: [2, 2],
  decoys: [2, 2],
  maxHops: 3,
  sentences: 0,
  workedSentences: 0,
});

test('one decoder knows values that take several lookups when it thinks, and guesses when it does not', async () => {
  const policy = initialisePolicy(
    {
      family: 'qwen3',
      vocabularySize: WORDS.length,
      hiddenSize: 64,
      layers: 2,
      heads: 4,
      keyValueHeads: 4,
      headDim: 16,
      intermediateSize: 192,
      rmsNormEpsilon: 1e-6,
      ropeTheta: 10_000,
      maxPositions: 64,
      tieWordEmbeddings: false,
      attentionBias: false,
      mlpBias: false,
      initializerRange: 0.125,
      eosTokenIds: [wordId('<|endoftext|>')],
    },
    0,
  );
  const steps = pretrain({
    policy,
    documents: studyColdStart(corpus.train, {
      format,
      share: 1,
      perDocument: 3,
      atValues: 1,
      budgets: [1, 1],
      wrong: 0,
      again: [],
      random: seededRandom(0, 'cold start'),
    }),
    totalSteps: STEPS,
    documentsPerStep: 8,
    seed: 0,
    learningRate: learningRate({
      peak: 4e-3,
      totalSteps: STEPS,
      shape: 'cosine',
      warmupSteps: 20,
      final: 3e-4,
    }),
  });
  for await (const _ of steps);

  const documents = corpus.test;
  const positions = documents.flatMap(({ hops }, document) =>
    hops.flatMap((lookups, position) => (lookups < 2 ? [] : [{ document, position, entropy: 0, tier: 0 }])),
  );
  const accuracy = async (reasoning?: ReasoningOptions) => {
    const outcomes: PositionOutcome[] = [];
    for await (const pass of evaluatePositions({ policy, documents, positions, reasoning }))
      outcomes.push(...pass);
    return outcomes.filter(({ correct }) => correct).length / outcomes.length;
  };
  const solved = positions.filter(({ document, position }) => {
    const { tokenIds } = documents[document];
    return lookUp({ tokenIds }).get(position)?.at(-1) === WORDS[tokenIds[position]];
  });
  const without = await accuracy();
  const withThoughts = await accuracy({ format, budget: 1, maxThoughtTokens: 12 });
  disposePolicy(policy);
  expect(solved).toHaveLength(positions.length);
  expect(without).toBeLessThan(0.5);
  expect(withThoughts).toBeGreaterThan(without + 0.2);
}, 300_000);
