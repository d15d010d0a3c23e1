import { groupAdvantage, type PolicyLoss, policyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import { tinyDocuments, tinyRun } from '../../test/tiny-run.js';
import type { Policy } from '../policy/policy.js';
import type { CompletionRollout } from '../tree/completion-contract.js';
import { midTrain } from './mid-train.js';
import { makeOptimiser } from './optimiser.js';
import { postTrain } from './post-train.js';
import type { PostTrainOptions } from './post-train-options.js';
import { pretrain } from './pretrain.js';

beforeAll(startBackend);

const grpo = policyLoss({ type: 'grpo' });

/** GRPO, but for one call: its loss then is no number, and so are its gradients. */
function brokenAt(call: number): PolicyLoss {
  let calls = 0;
  const loss: PolicyLoss = (input) => {
    const output = grpo(input);
    return calls++ === call ? { ...output, loss: tf.mul(output.loss, Number.NaN) } : output;
  };
  return Object.assign(loss, { reduction: grpo.reduction });
}

const weightsOf = (policy: Policy) =>
  Object.values(policy.parameters).map((parameter) => [...parameter.dataSync()]);

/** Trains until it throws; what it threw, and the weights after each step that it told of. */
async function untilItThrows(policy: Policy, run: AsyncIterable<unknown>) {
  const weights = [weightsOf(policy)];
  try {
    for await (const _ of run) weights.push(weightsOf(policy));
  } catch (error) {
    return { error, weights };
  }
  throw new Error('it went on to the end');
}

const diverged = (message: RegExp) =>
  expect.objectContaining({ code: 'diverged', exitCode: 1, message: expect.stringMatching(message) });

const postTraining = (policy: Policy, loss: PolicyLoss, changes: Partial<PostTrainOptions> = {}) =>
  postTrain({
    policy,
    tokenizer: { decode: (ids) => String(ids) },
    questions: [[1, 2], [3], [4, 5]].map((tokens, i) => ({
      id: `q${i}`,
      promptTokenIds: Int32Array.from(tokens),
      gold: '',
    })),
    reward: ({ tokenIds }) => ({ reward: tokenIds[0], accuracy: 0, format: 0 }),
    advantages: groupAdvantage(),
    policyLoss: loss,
    totalSteps: 4,
    questionsPerStep: 2,
    groupSize: 4,
    maxNewTokens: 4,
    seed: 1,
    learningRate: () => 1e-2,
    ...changes,
  });

describe('a loss that is not finite', { timeout: 120_000 }, () => {
  it('ends mid-training before weights are touched, and names the step', async () => {
    const policy = tinyPolicy();
    const run = midTrain(tinyRun({ policy, policyLoss: brokenAt(2) }));
    const { error, weights } = await untilItThrows(policy, run);
    expect(error).toEqual(diverged(/^step 2: .*policyLoss is NaN.*checkpoint.*smaller learning rate/));
    expect(weights).toHaveLength(3);
    expect(weightsOf(policy)).toEqual(weights[2]);
  });

  it('ends post-training before weights are touched', async () => {
    const policy = tinyPolicy();
    const { error, weights } = await untilItThrows(policy, postTraining(policy, brokenAt(1)));
    expect(error).toEqual(diverged(/^step 1: .*loss is NaN, gradientNorm is NaN/));
    expect(weights).toHaveLength(2);
    expect(weightsOf(policy)).toEqual(weights[1]);
  });
});

describe('a policy that has left the finite numbers', { timeout: 120_000 }, () => {
  const policies = () => {
    const policy = tinyPolicy();
    const [name] = Object.keys(policy.parameters);
    const { shape } = policy.parameters[name];
    policy.parameters[name].assign(tf.fill(shape, Number.NaN));
    return policy;
  };

  it('is refused by mid-training, however few candidates it would leave', async () => {
    const { error } = await untilItThrows(tinyPolicy(), midTrain(tinyRun({ policy: policies() })));
    expect(error).toEqual(diverged(/^step 0: .*entropy of token 1 of document 'document-\d' is NaN/));
  });

  it('is refused by post-training, also where its answers are all worth the same', async () => {
    const answer = { tokenIds: [1, 2], logProbs: [-1, Number.NaN], ended: true };
    const rollout: CompletionRollout = async ({ prompts }) => prompts.map(() => Array(4).fill(answer));
    const run = postTraining(policies(), grpo, { rollout: () => rollout });
    const { error } = await untilItThrows(tinyPolicy(), run);
    expect(error).toEqual(diverged(/^step 0: .*log-probability of the answers is NaN/));
  });

  it('is where pre-training at a rate far too high ends, with the weights of the step before', async () => {
    const policy = tinyPolicy();
    const documents = tinyDocuments();
    const options = { policy, documents, totalSteps: 9, documentsPerStep: 2, seed: 4 };
    const { error, weights } = await untilItThrows(
      policy,
      pretrain({ ...options, learningRate: () => 1e30 }),
    );
    expect(error).toEqual(diverged(/^step \d: .* is NaN/));
    expect(weightsOf(policy)).toEqual(weights[weights.length - 1]);
  });
});

it('leaves moments and their count as they are, and keeps no tensors', async () => {
  const policy = tinyPolicy();
  const optimiser = makeOptimiser(policy, { clipNorm: 1 });
  const [name] = Object.keys(policy.parameters);
  const gradient = (value: number) => ({ [name]: tf.fill(policy.parameters[name].shape, value) });
  const step = { step: 0, learningRate: 1e-2, losses: { loss: 1 } };
  await optimiser.apply(gradient(1), step);
  const before = [...optimiser.state.firstMoment[name].dataSync()];
  const tensors = tf.memory().numTensors;
  await expect(optimiser.apply(gradient(Number.POSITIVE_INFINITY), step)).rejects.toEqual(
    diverged(/gradientNorm is Infinity/),
  );
  expect([...optimiser.state.firstMoment[name].dataSync()]).toEqual(before);
  expect(optimiser.state.step).toBe(1);
  expect(tf.memory().numTensors).toBe(tensors);
});
