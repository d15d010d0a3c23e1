import { policyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { tinyDocuments, tinyRun } from '../../test/tiny-run.js';
import { evaluatePositions } from '../evaluate/evaluate-positions.js';
import { chooseEvaluationPositions } from '../evaluate/evaluation-positions.js';
import { generate } from '../tree/generate.js';
import { midTrain } from './mid-train.js';
import type { MidTrainOptions } from './mid-train-options.js';
import { pretrain } from './pretrain.js';

beforeAll(startBackend);

/** Nothing but a timer aborts it, so that the loop must let one fire. */
function stopsSoon() {
  const controller = new AbortController();
  const start = () => setTimeout(() => controller.abort(new Error('enough')), 1);
  return { signal: controller.signal, start };
}

/** A rollout of minutes: no token of the vocabulary ends a thought. */
const ENDLESS: Partial<MidTrainOptions> = {
  format: { instruction: () => [1, 2], endOfThought: TINY.vocabularySize },
  thoughtLimit: () => 450,
  positionsPerStep: 30,
  groupSize: 32,
};

async function steps(run: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of run) count++;
  return count;
}

describe('a signal that a timer aborts', { timeout: 60_000 }, () => {
  it('ends mid-training within a rollout', async () => {
    const { signal, start } = stopsSoon();
    const options = tinyRun({ ...ENDLESS, totalSteps: 1, signal });
    const before = tf.memory().numTensors;
    const { curriculum } = options;
    const run = midTrain({
      ...options,
      curriculum: {
        draw(...given) {
          start();
          return curriculum.draw(...given);
        },
      },
    });
    await expect(steps(run)).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends mid-training within an update, between two of its passes', async () => {
    const { signal, start } = stopsSoon();
    const grpo = policyLoss({ type: 'grpo' });
    let passes = 0;
    const slow = (...[input]: Parameters<typeof grpo>) => {
      if (passes++ === 0) start();
      const end = performance.now() + 10;
      while (performance.now() < end);
      return grpo(input);
    };
    const options = tinyRun({
      totalSteps: 1,
      documentsPerStep: 5,
      positionsPerStep: 20,
      maxTokensPerPass: 120,
      policyLoss: Object.assign(slow, { reduction: grpo.reduction }),
      signal,
    });
    const before = tf.memory().numTensors;
    await expect(steps(midTrain(options))).rejects.toThrow('enough');
    expect(passes).toBeLessThan(5);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends pre-training within a step', async () => {
    const { signal, start } = stopsSoon();
    const policy = tinyPolicy();
    const documents = Array.from({ length: 2000 }, (_, i) => ({ ...tinyDocuments()[i % 5], id: `${i}` }));
    const run = pretrain({
      policy,
      documents,
      totalSteps: 1,
      documentsPerStep: documents.length,
      maxTokensPerPass: 1,
      seed: 1,
      learningRate: () => 0,
      signal,
    });
    start();
    await expect(steps(run)).rejects.toThrow('enough');
  });

  it('ends generation', async () => {
    const { signal, start } = stopsSoon();
    start();
    const run = generate(tinyPolicy(), { promptTokenIds: [1], maxNewTokens: 500, stopTokenIds: [], signal });
    await expect(steps(run)).rejects.toThrow('enough');
  });

  it('ends evaluation and the choice of its positions', async () => {
    const documents = Array.from({ length: 2000 }, (_, i) => ({ ...tinyDocuments()[i % 5], id: `${i}` }));
    const policy = tinyPolicy();
    const choosing = stopsSoon();
    const tiers = [{ name: 'all', from: 0, to: 99 }];
    const choice = { policy, documents, tiers, perTier: 9, seed: 1, documentsPerPass: 1 };
    choosing.start();
    await expect(chooseEvaluationPositions({ ...choice, signal: choosing.signal })).rejects.toThrow('enough');

    const positions = documents.map((_, document) => ({ document, position: 3, entropy: 1, tier: 0 }));
    const evaluating = stopsSoon();
    evaluating.start();
    const outcomes = evaluatePositions({
      policy,
      documents,
      positions,
      documentsPerPass: 1,
      signal: evaluating.signal,
    });
    await expect(steps(outcomes)).rejects.toThrow('enough');
  });
});
