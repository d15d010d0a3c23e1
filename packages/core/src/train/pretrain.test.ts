import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import { tinyDocuments } from '../../test/tiny-run.js';
import { disposePolicy } from '../policy/policy.js';
import { readTrunk } from '../tree/trunk.js';
import { type PretrainingDocument, type PretrainOptions, pretrain } from './pretrain.js';
import type { TrainingState } from './training-state.js';

beforeAll(startBackend);

/** Documents with an example of a thought each. */
const documents: PretrainingDocument[] = tinyDocuments().map((document, i) => ({
  ...document,
  thoughts: [{ position: 3 + i, instruction: [1, 2], tokenIds: [5, 6, 7, document.tokenIds[3 + i]] }],
}));

async function run(changes: Partial<PretrainOptions> = {}) {
  const policy = changes.policy ?? tinyPolicy();
  const losses: number[] = [];
  const states: TrainingState[] = [];
  for await (const { metrics, state } of pretrain({
    policy,
    documents,
    totalSteps: 6,
    documentsPerStep: 2,
    seed: 4,
    learningRate: () => 1e-2,
    ...changes,
  })) {
    losses.push(metrics.loss);
    states.push(await state());
  }
  const weights = Object.values(policy.parameters).map((parameter) => [...parameter.dataSync()]);
  disposePolicy(policy);
  return { losses, states, weights };
}

describe('pretrain', { timeout: 120_000 }, () => {
  it('goes on from any step’s state as if it had not stopped, bit for bit', async () => {
    const whole = await run();
    for (const [step, state] of whole.states.entries()) {
      const resume = { ...state, progress: JSON.parse(JSON.stringify(state.progress)) };
      const rest = await run({ policy: tinyPolicy(99), resume });
      expect(rest.losses).toEqual(whole.losses.slice(step + 1));
      expect(rest.weights).toEqual(whole.weights);
    }
  });

  it('is decided by its seed, which orders the documents', async () => {
    const once = await run();
    expect((await run()).losses).toEqual(once.losses);
    expect((await run({ seed: 5 })).losses).not.toEqual(once.losses);
  });

  it('starts from the mean next-token loss of what it reads, and lowers it', async () => {
    const policy = tinyPolicy();
    const plain = tinyDocuments();
    const trunk = await readTrunk(
      policy,
      plain.map(({ tokenIds }) => tokenIds),
    );
    const logProbs = trunk.readings.flatMap((reading) => [...reading.logProbs.subarray(1)]);
    trunk.dispose();
    const { losses } = await run({
      policy,
      documents: plain,
      documentsPerStep: plain.length,
      totalSteps: 20,
    });
    expect(losses[0]).toBeCloseTo(-logProbs.reduce((sum, one) => sum + one, 0) / logProbs.length, 4);
    expect(losses[19]).toBeLessThan(losses[0] / 2);
  });

  it('clips the gradient’s global norm before AdamW, as PyTorch’s clip_grad_norm_ does', async () => {
    // AdamW's first step moves each weight by the learning rate, whatever the norm: look at the moments instead.
    const clipped = await run({ totalSteps: 1, clipNorm: 0.1 });
    const free = await run({ totalSteps: 1, clipNorm: Number.POSITIVE_INFINITY });
    const moments = ({ states }: typeof clipped) =>
      Object.entries(states[0].tensors)
        .filter(([name]) => name.startsWith('firstMoment/'))
        .flatMap(([, { data }]) => [...data]);
    const beta1 = 0.9;
    expect(Math.hypot(...moments(clipped)) / (1 - beta1)).toBeCloseTo(0.1, 4);
    expect(Math.hypot(...moments(free)) / (1 - beta1)).toBeGreaterThan(0.1);
  });

  it('stops by its signal and keeps no tensors', async () => {
    const policy = tinyPolicy();
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const options = {
      policy,
      documents,
      totalSteps: 6,
      documentsPerStep: 2,
      seed: 4,
      learningRate: () => 1e-2,
    };
    const stopped = async () => {
      for await (const { metrics } of pretrain({ ...options, signal: controller.signal })) {
        if (metrics.step === 2) controller.abort(new Error('enough'));
      }
    };
    await expect(stopped()).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
  });
});
