import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import { tinyRun } from '../../test/tiny-run.js';
import { disposePolicy, type Policy } from '../policy/policy.js';
import { packRows } from '../tree/pack-tree.js';
import { rowRollout } from '../tree/prefill-rows.js';
import { midTrain } from './mid-train.js';
import type { MidTrainOptions } from './mid-train-options.js';
import type { StepReport } from './step-report.js';
import type { TrainingState } from './training-state.js';

beforeAll(startBackend);

interface Step {
  readonly metrics: Omit<StepReport['metrics'], 'seconds'>;
  readonly samples: StepReport['samples'];
}

const weightsOf = (policy: Policy) =>
  Object.entries(policy.parameters).map(([name, parameter]) => [name, [...parameter.dataSync()]]);

/** Everything that a run says and leaves, but its times. */
async function run(changes: Partial<MidTrainOptions> = {}) {
  const options = tinyRun(changes);
  const steps: Step[] = [];
  const states: TrainingState[] = [];
  for await (const { metrics, samples, state } of midTrain(options)) {
    const { seconds: _, ...figures } = metrics;
    steps.push({ metrics: figures, samples });
    states.push(await state());
  }
  const weights = weightsOf(options.policy);
  disposePolicy(options.policy);
  return { steps, states, weights };
}

describe('midTrain', { timeout: 120_000 }, () => {
  it('goes on from any step’s state as if it had not stopped, bit for bit', async () => {
    const whole = await run();
    for (const [step, state] of whole.states.entries()) {
      // As a checkpoint holds it: tensors apart, the rest as JSON.
      const resume = { ...state, progress: JSON.parse(JSON.stringify(state.progress)) };
      const rest = await run({ policy: tinyPolicy(99), resume });
      expect(rest.steps).toEqual(whole.steps.slice(step + 1));
      expect(rest.weights).toEqual(whole.weights);
    }
  });

  it('is decided by its seed', async () => {
    const once = await run();
    expect(await run()).toEqual(once);
    const other = await run({ seed: 12 });
    expect(other.steps[0].samples).not.toEqual(once.steps[0].samples);
  });

  it('samples and learns the same row by row, where samples do not depend on rounding', async () => {
    // Greedy, since the two spend their random numbers in another order.
    const tree = await run({ temperature: 0, totalSteps: 1 });
    const rows = await run({
      temperature: 0,
      totalSteps: 1,
      layout: packRows,
      rollout: (policy) => rowRollout(policy),
    });
    const written = ({ steps }: typeof tree) =>
      steps[0].samples.map(({ position, branches }) => [position, branches.map(({ tokenIds }) => tokenIds)]);
    expect(written(rows)).toEqual(written(tree));
    expect(rows.steps[0].metrics.loss).toBeCloseTo(tree.steps[0].metrics.loss, 4);
  });

  it('draws within the step’s documents, from their first candidate on, and scores all branches', async () => {
    const { documents } = tinyRun();
    const { steps } = await run({
      documents: documents.map((document) => ({ ...document, firstCandidate: 6 })),
    });
    for (const { metrics, samples } of steps) {
      expect(new Set(samples.map(({ documentId }) => documentId)).size).toBeLessThanOrEqual(2);
      for (const { documentId, position, branches, rewards, advantages } of samples) {
        const { tokenIds } = documents.find(({ id }) => id === documentId) as (typeof documents)[number];
        expect(position).toBeGreaterThanOrEqual(6);
        expect(position).toBeLessThan(tokenIds.length);
        expect([branches.length, rewards.length, advantages.length]).toEqual([4, 4, 4]);
        for (const { thoughtTokenIds } of branches)
          expect(thoughtTokenIds.length).toBeLessThanOrEqual(2 * 4 + 1);
      }
      expect(metrics.sampledTokens).toBe(
        samples.flatMap(({ branches }) => branches.flatMap(({ tokenIds }) => [...tokenIds])).length,
      );
      // Two documents a step are read; all their tokens but the first of each and those thought about are learnt.
      const thoughtAbout = new Set(samples.map(({ documentId, position }) => `${documentId} ${position}`));
      expect(metrics.nextTokens).toBe(metrics.readTokens - 2 - thoughtAbout.size);
      const all = samples.flatMap(({ rewards }) => rewards);
      expect(metrics.reward).toBeCloseTo(all.reduce((sum, reward) => sum + reward, 0) / all.length, 5);
    }
  });

  it('stops by its signal, with what the signal says, and keeps no tensors', async () => {
    const options = tinyRun();
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const steps: number[] = [];
    const stopped = async () => {
      for await (const { metrics } of midTrain({ ...options, signal: controller.signal })) {
        steps.push(metrics.step);
        if (metrics.step === 1) controller.abort(new Error('enough'));
      }
    };
    await expect(stopped()).rejects.toThrow('enough');
    expect(steps).toEqual([0, 1]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keeps no tensors when its reader has seen enough', async () => {
    const options = tinyRun();
    const before = tf.memory().numTensors;
    for await (const _ of midTrain(options)) break;
    expect(tf.memory().numTensors).toBe(before);
  });
});
