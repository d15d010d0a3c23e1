import { policyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import { tinyDocuments, tinyRun } from '../../test/tiny-run.js';
import { withLora } from '../lora/with-lora.js';
import { disposePolicy, type Policy } from '../policy/policy.js';
import { midTrain } from './mid-train.js';
import type { MidTrainOptions } from './mid-train-options.js';
import { pretrain } from './pretrain.js';
import type { StepReport } from './step-report.js';
import type { TrainingState } from './training-state.js';

beforeAll(startBackend);

const documents = tinyDocuments(4);
const STEPS = 3;

/** The reference is the base: no second copy. */
const options = (policy: Policy): MidTrainOptions =>
  tinyRun({
    policy,
    reference: policy.lora?.base,
    policyLoss: policyLoss({ type: 'grpo', beta: 0.1 }),
    totalSteps: STEPS,
    learningRate: () => 0.05,
  });

const adapted = () => withLora(tinyPolicy(1), { rank: 4, dropout: 0.25 }, 3);

const values = (policy: Policy) =>
  Object.fromEntries(
    Object.entries(policy.parameters).map(([name, parameter]) => [name, [...parameter.dataSync()]]),
  );

async function run(policy: Policy, more: Partial<MidTrainOptions> = {}, stopAfter = STEPS) {
  const lines: Omit<StepReport['metrics'], 'seconds'>[] = [];
  let state: TrainingState | undefined;
  for await (const report of midTrain({ ...options(policy), ...more })) {
    const { seconds: _, ...metrics } = report.metrics;
    lines.push(metrics);
    if (metrics.step + 1 === stopAfter) {
      state = await report.state();
      break;
    }
  }
  return { lines, state: state as TrainingState };
}

describe('midTrain of an adapter', { timeout: 60_000 }, () => {
  it('changes its matrices and leaves the base, which is the reference, as it was', async () => {
    const policy = adapted();
    const base = policy.lora?.base as Policy;
    const before = { adapter: values(policy), base: values(base) };
    const { lines } = await run(policy);
    expect(values(base)).toEqual(before.base);
    const changed = Object.entries(values(policy)).filter(
      ([name, now]) => now.join() !== before.adapter[name].join(),
    );
    expect(changed).toHaveLength(Object.keys(policy.parameters).length);
    expect(lines.at(-1)?.kl).toBeGreaterThan(0);
    expect(lines.every(({ gradientNorm }) => gradientNorm > 0)).toBe(true);
  });

  it('keeps only the adapter and its moments in a checkpoint, and goes on from it bit for bit', async () => {
    const whole = adapted();
    const straight = await run(whole);
    const { lines, state } = await run(adapted(), {}, 1);
    const names = Object.keys(whole.parameters);
    expect(Object.keys(state.tensors).sort()).toEqual(
      ['policy', 'firstMoment', 'secondMoment']
        .flatMap((part) => names.map((name) => `${part}/${name}`))
        .sort(),
    );
    const resumed = adapted();
    const rest = await run(resumed, { resume: state });
    expect([...lines, ...rest.lines]).toEqual(straight.lines);
    expect(values(resumed)).toEqual(values(whole));
  });

  it('is the same with its layers computed anew', async () => {
    const [kept, again] = [adapted(), adapted()];
    const first = await run(kept);
    expect((await run(again, { recompute: true })).lines).toEqual(first.lines);
    expect(values(again)).toEqual(values(kept));
  });

  it('leaves no tensors but the policy’s', async () => {
    await run(adapted());
    const before = tf.memory().numTensors;
    const policy = adapted();
    await run(policy);
    disposePolicy(policy);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('pretrain', { timeout: 60_000 }, () => {
  const thoughts = [{ position: 5, instruction: [1, 2], tokenIds: [3, 4, 7, 9] }];
  const examples = documents.map((document, i) => (i % 2 === 0 ? { ...document, thoughts } : document));
  const train = async (policy: Policy, maxTokensPerPass: number, recompute = false) => {
    const settings = { totalSteps: 3, documentsPerStep: 4, seed: 2, learningRate: () => 1e-3 };
    const lines = [];
    for await (const { metrics } of pretrain({
      policy,
      documents: examples,
      ...settings,
      maxTokensPerPass,
      recompute,
    }))
      lines.push(metrics);
    return lines;
  };

  it('adds up over passes to the whole', async () => {
    const whole = await train(tinyPolicy(4), 1e9);
    for (const size of [1, 40]) {
      const parts = await train(tinyPolicy(4), size);
      parts.forEach(({ loss, gradientNorm, tokens }, step) => {
        expect(Math.abs(loss / whole[step].loss - 1)).toBeLessThan(1e-5);
        expect(Math.abs(gradientNorm / whole[step].gradientNorm - 1)).toBeLessThan(1e-4);
        expect(tokens).toBe(whole[step].tokens);
      });
    }
  });

  it('trains an adapter: dropout drops, and the loss falls', async () => {
    const policy = () => withLora(tinyPolicy(4), { rank: 4 }, 1);
    const dropping = () => withLora(tinyPolicy(4), { rank: 4, dropout: 0.5 }, 1);
    const lines = await train(policy(), 1e9);
    expect(lines[2].loss).toBeLessThan(lines[0].loss);
    const dropped = await train(dropping(), 1e9, true);
    expect(dropped[2].loss).not.toBe(lines[2].loss);
    expect(withoutTime(dropped)).toEqual(withoutTime(await train(dropping(), 1e9)));
  });
});

const withoutTime = <T extends { readonly seconds: number }>(lines: readonly T[]) =>
  lines.map(({ seconds: _, ...line }) => line);
