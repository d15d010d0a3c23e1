import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adamW } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import { tinyRun } from '../../test/tiny-run.js';
import { CheckpointError } from '../checkpoint/checkpoint-error.js';
import { readTrainingState, writeTrainingState } from '../checkpoint/training-checkpoint.js';
import { writeCheckpoint } from '../checkpoint/write-checkpoint.js';
import { withLora } from '../lora/with-lora.js';
import { disposePolicy, type Policy } from '../policy/policy.js';
import { midTrain } from './mid-train.js';
import { captureTensors, restoreTensors, type TrainingState } from './training-state.js';

beforeAll(startBackend);
afterEach(() => tf.disposeVariables());

const progress = { step: 3, optimiserStep: 2, random: { rollout: [1, 4294967295] } };
const origin = { seed: 11, documents: 5 };
const momentsOf = (policy: Policy) => adamW().init(policy.parameters);
const stateOf = async (policy: Policy): Promise<TrainingState> => ({
  tensors: await captureTensors(policy, momentsOf(policy)),
  progress,
});

/** What restoring into a policy throws; it may have changed nothing. */
async function refusal(policy: Policy, saved: TrainingState): Promise<Error> {
  const moments = momentsOf(policy);
  const before = await captureTensors(policy, moments);
  const numTensors = tf.memory().numTensors;
  let thrown: unknown;
  try {
    restoreTensors(policy, moments, saved, origin);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(CheckpointError);
  expect(await captureTensors(policy, moments)).toEqual(before);
  expect(moments.step).toBe(0);
  expect(tf.memory().numTensors).toBe(numTensors);
  return thrown as Error;
}

describe('restoreTensors', () => {
  it('puts back all that was captured', async () => {
    const policy = tinyPolicy(2);
    const saved = await stateOf(tinyPolicy(1));
    const moments = momentsOf(policy);
    restoreTensors(policy, moments, saved, origin);
    expect(await captureTensors(policy, moments)).toEqual(saved.tensors);
    expect(moments.step).toBe(2);
  });

  const NAME = 'policy/model.layers.1.mlp.up_proj.weight';
  it.each<[string, (tensors: Record<string, unknown>) => void, string]>([
    ['a missing one', (all) => delete all[NAME], `${NAME}: is missing, expected float32 [32, 24]`],
    [
      'one of another shape',
      (all) => Object.assign(all, { [NAME]: { shape: [24, 32], data: new Float32Array(768) } }),
      `${NAME}: is [24, 32], expected float32 [32, 24] by the policy`,
    ],
    [
      'one of another type',
      (all) => Object.assign(all, { [NAME]: { shape: [32, 24], data: new Int32Array(768) } }),
      `${NAME}: holds no float32`,
    ],
    [
      'one cut short',
      (all) => Object.assign(all, { [NAME]: { shape: [32, 24], data: new Float32Array(767) } }),
      `${NAME}: has 767 values`,
    ],
    [
      'one too many',
      (all) => Object.assign(all, { 'secondMoment/x': { shape: [], data: new Float32Array(1) } }),
      'secondMoment/x: is there, but the policy has no such parameter',
    ],
  ])('refuses tensors with %s before it changes any', async (_, change, message) => {
    const { tensors } = await stateOf(tinyPolicy(1));
    const changed = { ...tensors };
    change(changed);
    const error = await refusal(tinyPolicy(2), { tensors: changed, progress });
    expect(error.message).toContain(`resume: tensor ${message}`);
    expect(error.message).toMatch(/; go on with the model and .* that the run was started with$/);
  });

  it('refuses those of another model and of an adapter of another rank', async () => {
    const other = await stateOf(tinyPolicy(1, { layers: 1 }));
    expect((await refusal(tinyPolicy(2), other)).message).toMatch(/policy\/model\.layers\.1\..*: is missing/);
    const adapter = await stateOf(withLora(tinyPolicy(1), { rank: 2 }, 0));
    const wider = withLora(tinyPolicy(1), { rank: 3 }, 0);
    expect((await refusal(wider, adapter)).message).toMatch(/lora_A\.weight: is \[2, 24\], .*\[3, 24\]/);
    expect((await refusal(tinyPolicy(1), adapter)).message).toMatch(/: is missing/);
    disposePolicy(wider);
  });

  it('refuses a state of another seed or of other documents, but not one that does not say', async () => {
    const { tensors } = await stateOf(tinyPolicy(1));
    const of = (change: Partial<typeof origin>) => ({
      tensors,
      progress: { ...progress, origin: { ...origin, ...change } },
    });
    expect((await refusal(tinyPolicy(2), of({ seed: 12 }))).message).toMatch(
      /^resume: seed: the run was started with 12, and this one has 11; go on with/,
    );
    expect((await refusal(tinyPolicy(2), of({ documents: 6 }))).message).toMatch(
      /^resume: documents: .* 6, /,
    );
    const policy = tinyPolicy(2);
    for (const saved of [of({}), { tensors, progress }])
      restoreTensors(policy, momentsOf(policy), saved, origin);
  });

  it('refuses a checkpoint that is no state, before weights are changed', async () => {
    const { tensors } = await stateOf(tinyPolicy(1));
    const checkpoint = { tensors, state: progress } as unknown as TrainingState;
    expect((await refusal(tinyPolicy(2), checkpoint)).message).toMatch(/^resume\.progress: .*; give what/);
    const cut = { tensors, progress: { ...progress, optimiserStep: -1 } };
    expect((await refusal(tinyPolicy(2), cut)).message).toMatch(/^resume\.progress\.optimiserStep: /);
  });
});

it('a run refuses the state of another seed, and keeps no tensors', async () => {
  let resume: TrainingState | undefined;
  for await (const { state } of midTrain(tinyRun({ totalSteps: 2 }))) {
    resume = await state();
    break;
  }
  const options = tinyRun({ totalSteps: 2, seed: 12, resume });
  const before = tf.memory().numTensors;
  await expect(midTrain(options).next()).rejects.toThrow(/^resume: seed: /);
  expect(tf.memory().numTensors).toBe(before);
});

describe('a state of training on the disk', () => {
  it('comes back as it was, and is refused where it is none', async () => {
    const run = await mkdtemp(join(tmpdir(), 'run-'));
    expect(await readTrainingState(run)).toBeUndefined();
    const saved = { ...(await stateOf(tinyPolicy(1))), progress: { ...progress, difficulty: [['a', 1]] } };
    expect(await writeTrainingState(run, saved, { keep: 1 })).toBe(join(run, 'checkpoints', 'step-3'));
    expect(await readTrainingState(run)).toEqual(saved);
    await writeCheckpoint(run, 4, { tensors: saved.tensors, state: { step: 4 } });
    await expect(readTrainingState(run)).rejects.toThrow(CheckpointError);
    await expect(readTrainingState(run)).rejects.toThrow(/step-4: state\.optimiserStep: /);
    await rm(run, { recursive: true });
  });
});
