import type { AdvantageEstimator } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import { tinyRun } from '../../test/tiny-run.js';
import { disposePolicy, type Policy } from '../policy/policy.js';
import { packRows } from '../tree/pack-tree.js';
import { treeRollout } from '../tree/rollout.js';
import type { Branch, Rollout } from '../tree/rollout-contract.js';
import type { Trunk } from '../tree/trunk.js';
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
  Object.entries(policy.parameters).map(([name, parameter]): [string, number[]] => [
    name,
    [...parameter.dataSync()],
  ]);

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

  it('learns the same row by row, from the same branches', async () => {
    // Recorded, since the two spend their random numbers in another order; and from a policy a little apart, so that
    // importance ratios are not all 1.
    let branches: readonly (readonly Branch[])[] = [];
    const recording = (policy: Policy, trunk: Trunk): Rollout => {
      const rollout = treeRollout(policy, trunk);
      return async (request) => {
        branches = (await rollout(request)).map((group) =>
          group.map((branch) => ({
            ...branch,
            logProbs: branch.logProbs.map((one, t) => one + 0.1 * (t % 2)),
          })),
        );
        return branches;
      };
    };
    // With ε this large AdamW's step shows the whole gradient, not its signs.
    const changes = {
      totalSteps: 1,
      adamW: { weightDecay: 0, epsilon: 1 },
      learningRate: () => 1,
      clipNorm: 1e9,
    };
    const advantages: AdvantageEstimator = (rewards) => ({
      advantages: rewards.map((_, i) => 1 + (i % 3)),
      kept: Array.from(rewards, () => true),
    });
    const tree = await run({ ...changes, advantages, rollout: recording });
    const rows = await run({ ...changes, advantages, layout: packRows, rollout: () => async () => branches });
    const [{ metrics: onTree }, { metrics: byRow }] = [tree.steps[0], rows.steps[0]];
    expect(Math.abs(onTree.policyLoss)).toBeGreaterThan(0.5);
    expect(byRow.policyLoss).toBeCloseTo(onTree.policyLoss, 4);
    expect(byRow.loss).toBeCloseTo(onTree.loss, 4);
    expect(byRow.gradientNorm / onTree.gradientNorm).toBeCloseTo(1, 4);
    const start = tinyPolicy();
    for (const [name, parameter] of Object.entries(start.parameters)) {
      const [one, other] = [tree, rows].map(({ weights }) =>
        tf.sub(tf.tensor(new Map(weights).get(name) ?? [], parameter.shape), parameter),
      );
      const apart = tf.div(tf.norm(tf.sub(one, other)), tf.norm(one)).dataSync()[0];
      expect(apart, name).toBeLessThan(1e-4);
    }
    disposePolicy(start);
  });

  it.each([0, -1, Number.NaN])('refuses a temperature of %d', async (temperature) => {
    const before = tf.memory().numTensors;
    const policy = tinyPolicy();
    await expect(run({ policy, temperature })).rejects.toThrow(/^temperature: expected a number above 0/);
    disposePolicy(policy);
    expect(tf.memory().numTensors).toBe(before);
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
