import { type CompletionReward, groupAdvantage, policyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import { decode } from '../policy/decoder.js';
import { headWeight, type Policy } from '../policy/policy.js';
import type { Completion } from '../tree/completion-contract.js';
import { postTrain } from './post-train.js';
import type { PostTrainOptions } from './post-train-options.js';
import type { PostTrainReport } from './post-train-report.js';
import type { TrainingState } from './training-state.js';

beforeAll(startBackend);

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN';
const tokenizer = { decode: (ids: ArrayLike<number>) => Array.from(ids, (id) => LETTERS[id]).join('') };
const encode = (text: string) => Int32Array.from(text, (letter) => LETTERS.indexOf(letter));
const END = 0;

/** Worth the share of its letters that are the wanted one; right when all are; the form is to end in time. */
const answersWith: CompletionReward = ({ gold, text, ended }) => {
  const share = text === '' ? 0 : (text.split(gold).length - 1) / text.length;
  return { reward: share, accuracy: Math.floor(share), format: Number(ended) };
};

function optionsFor(policy: Policy, changes: Partial<PostTrainOptions> = {}): PostTrainOptions {
  return {
    policy,
    tokenizer,
    questions: ['bcd', 'efghi', 'k', 'lmnopqr'].map((prompt, i) => ({
      id: `q${i}`,
      promptTokenIds: encode(prompt),
      gold: 'h',
    })),
    totalSteps: 1,
    questionsPerStep: 3,
    groupSize: 6,
    maxNewTokens: 5,
    seed: 4,
    learningRate: () => 0.02,
    adamW: { weightDecay: 0 },
    reward: answersWith,
    advantages: groupAdvantage(),
    policyLoss: policyLoss({ type: 'grpo' }),
    ...changes,
  };
}

async function reportsOf(options: PostTrainOptions): Promise<PostTrainReport[]> {
  const reports: PostTrainReport[] = [];
  for await (const report of postTrain(options)) reports.push(report);
  return reports;
}

const weights = (policy: Policy) =>
  Object.fromEntries(
    Object.entries(policy.parameters).map(([name, parameter]) => [name, [...parameter.dataSync()]]),
  );

/** log π of a completion's tokens, from a row of its own and plain operations: dense attention, whole logits. */
function plainLogProbs(policy: Policy, prompt: Int32Array, completion: Completion, temperature: number) {
  const row = [...prompt, ...completion.tokenIds.slice(0, -1)];
  const positions = Int32Array.from(row, (_, i) => i);
  const { heads, keyValueHeads } = policy.config;
  const shared = tf.tensor1d(
    Array.from({ length: heads }, (_, head) => Math.floor((head * keyValueHeads) / heads)),
    'int32',
  );
  const causal = tf.tensor2d(row.map((_, i) => row.map((_, j) => (j <= i ? 0 : -1e9))));
  const hidden = decode(policy, { tokenIds: Int32Array.from(row), positions }, (_, q, k, v) => {
    const headMajor = (x: tf.Tensor3D) => tf.transpose(x, [1, 0, 2]);
    const spread = (x: tf.Tensor3D) => tf.gather(headMajor(x), shared);
    const scores = tf.matMul(headMajor(q), spread(k), false, true);
    const weights = tf.softmax(tf.add(tf.div(scores, Math.sqrt(q.shape[2])), causal));
    return headMajor(tf.matMul(weights, spread(v)) as tf.Tensor3D) as tf.Tensor3D;
  });
  const read = tf.slice(hidden, [prompt.length - 1, 0], [completion.tokenIds.length, -1]);
  const logits = tf.div(tf.matMul(read, headWeight(policy), false, true), temperature);
  const chosen = tf.oneHot(tf.tensor1d([...completion.tokenIds], 'int32'), policy.config.vocabularySize);
  return tf.sum(tf.mul(tf.logSoftmax(logits), chosen), 1);
}

describe('postTrain', () => {
  it('teaches a tiny policy to answer one letter', async () => {
    const policy = tinyPolicy(2);
    const reports = await reportsOf(optionsFor(policy, { totalSteps: 25, seed: 3 }));
    const { metrics } = reports[reports.length - 1];
    expect(reports[0].metrics.accuracy).toBeLessThan(0.2);
    expect(reports[0].metrics.reward).toBeLessThan(0.2);
    expect(metrics.reward).toBeGreaterThan(0.9);
    expect(metrics.accuracy).toBeGreaterThan(0.8);
  }, 60_000);

  it('takes the step of plain GRPO, row by row', async () => {
    const policy = tinyPolicy(3);
    const reference = tinyPolicy(4);
    const before = weights(policy);
    const [beta, temperature, learningRate] = [0.3, 0.7, 0.5];
    // With ε this large Adam's first step is learningRate · g / (|g| + ε): it shows the whole gradient, not its sign.
    const adamW = { weightDecay: 0, epsilon: 1 };
    const options = optionsFor(policy, {
      reference,
      temperature,
      policyLoss: policyLoss({ type: 'grpo', beta }),
      learningRate: () => learningRate,
      adamW,
      clipNorm: 1e9,
    });
    const [{ samples, metrics }] = await reportsOf(options);
    const after = weights(policy);
    for (const [name, parameter] of Object.entries(policy.parameters))
      parameter.assign(tf.tensor(before[name], parameter.shape));

    const rows = samples.flatMap(({ questionId, completions, scores }) => {
      const rewards = scores.map(({ reward }) => reward);
      const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
      const variance = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / (rewards.length - 1);
      const question = options.questions.find(({ id }) => id === questionId);
      return completions.map((completion, i) => ({
        prompt: question?.promptTokenIds ?? new Int32Array(),
        completion,
        advantage: (rewards[i] - mean) / (Math.sqrt(variance) + 1e-4),
      }));
    });
    expect(rows.some(({ advantage }) => Math.abs(advantage) > 0.1)).toBe(true);
    const loss = () =>
      tf.tidy(() => {
        const losses = rows.map(({ prompt, completion, advantage }) => {
          const logProbs = plainLogProbs(policy, prompt, completion, temperature);
          const old = tf.tensor1d([...completion.logProbs]);
          const ratios = tf.exp(tf.sub(logProbs, old));
          const ahead = tf.sub(plainLogProbs(reference, prompt, completion, temperature), logProbs);
          const k3 = tf.sub(tf.sub(tf.exp(ahead), ahead), 1);
          const kl = tf.mul(tf.mul(k3, ratios), beta);
          return tf.mean(tf.sub(kl, tf.mul(ratios, advantage)));
        });
        return tf.mean(tf.stack(losses)) as tf.Scalar;
      });
    const variables = Object.values(policy.parameters);
    const { value, grads } = tf.variableGrads(loss, variables);
    expect(metrics.loss).toBeCloseTo(value.dataSync()[0], 4);
    const norm = Math.sqrt(
      Object.values(grads).reduce((sum, grad) => sum + tf.sum(tf.square(grad)).dataSync()[0], 0),
    );
    expect(metrics.gradientNorm / norm).toBeCloseTo(1, 3);
    for (const [name, parameter] of Object.entries(policy.parameters)) {
      const gradient = grads[parameter.name].dataSync();
      const size = Math.max(...gradient.map(Math.abs));
      gradient.forEach((g, i) => {
        const moved = (before[name][i] - after[name][i]) / learningRate;
        expect(Math.abs(moved - g / (Math.abs(g) + 1)), name).toBeLessThan(1e-3 * size + 2e-6);
      });
    }
  }, 60_000);

  it('goes on, bit for bit, from where it was left', async () => {
    const changes = {
      totalSteps: 6,
      reference: tinyPolicy(9),
      policyLoss: policyLoss({ type: 'grpo', beta: 0.1 }),
    };
    const whole = tinyPolicy(5);
    const reports = await reportsOf(optionsFor(whole, changes));

    let left: TrainingState | undefined;
    for await (const report of postTrain(optionsFor(tinyPolicy(5), changes))) {
      if (report.metrics.step < 2) continue;
      left = JSON.parse(JSON.stringify(await report.state()), (_, value) =>
        value?.data && value.shape ? { ...value, data: Float32Array.from(Object.values(value.data)) } : value,
      );
      break;
    }
    const resumed = tinyPolicy(6);
    const rest = await reportsOf(optionsFor(resumed, { ...changes, resume: left }));
    const figures = (all: readonly PostTrainReport[]) =>
      all.map(({ metrics }) => ({ ...metrics, seconds: 0 }));
    expect(figures(rest)).toEqual(figures(reports.slice(3)));
    expect(weights(resumed)).toEqual(weights(whole));
  }, 60_000);

  it('learns the same however it is cut into passes, with questions that have nothing to teach among them', async () => {
    const reward: CompletionReward = (outcome) =>
      outcome.questionId === 'q1' ? { reward: 1, accuracy: 1, format: 1 } : answersWith(outcome);
    const learnt = async (maxTokensPerPass: number) => {
      const policy = tinyPolicy(3);
      const changes = {
        reward,
        questionsPerStep: 4,
        maxTokensPerPass,
        adamW: { weightDecay: 0, epsilon: 1 },
      };
      const [{ metrics }] = await reportsOf(optionsFor(policy, changes));
      return { metrics, weights: weights(policy) };
    };
    const [whole, cut] = [await learnt(1e9), await learnt(1)];
    expect(whole.metrics.fracRewardZeroStd).toBeGreaterThan(0);
    expect(whole.metrics.gradientNorm).toBeGreaterThan(0.01);
    for (const figure of ['loss', 'gradientNorm', 'entropy'] as const)
      expect(cut.metrics[figure]).toBeCloseTo(whole.metrics[figure], 4);
    for (const [name, values] of Object.entries(whole.weights))
      values.forEach((value, i) => {
        expect(Math.abs(cut.weights[name][i] - value), name).toBeLessThan(1e-6);
      });
  });

  it('learns nothing where all answers are worth the same', async () => {
    const policy = tinyPolicy(7);
    const before = weights(policy);
    const reward = () => ({ reward: 0.5, accuracy: 0, format: 1 });
    const [{ metrics }] = await reportsOf(optionsFor(policy, { reward, adamW: { weightDecay: 0.1 } }));
    expect(metrics).toMatchObject({ loss: 0, gradientNorm: 0, fracRewardZeroStd: 1, formatReward: 1 });
    expect(weights(policy)).toEqual(before);
  });

  it.each([0, -1, Number.NaN])('refuses a temperature of %d', async (temperature) => {
    await expect(reportsOf(optionsFor(tinyPolicy(8), { temperature }))).rejects.toThrow(
      /^temperature: expected a number above 0/,
    );
  });

  it('refuses steps of more questions than there are', async () => {
    await expect(reportsOf(optionsFor(tinyPolicy(8), { questionsPerStep: 5 }))).rejects.toThrow(
      /^questionsPerStep: expected a whole number from 1 to 4, the number of questions, got 5/,
    );
    await expect(reportsOf(optionsFor(tinyPolicy(8), { questions: [] }))).rejects.toThrow(/^questions: /);
  });

  it('hands the reward each text without the token that ended it', async () => {
    const seen: [string, string, boolean][] = [];
    const reward: CompletionReward = ({ questionId, text, tokenIds, ended }) => {
      seen.push([questionId, text, ended]);
      expect(text).toBe(tokenizer.decode(ended ? tokenIds.slice(0, -1) : tokenIds));
      expect(ended).toBe(tokenIds[tokenIds.length - 1] === END);
      return { reward: 0, accuracy: 0, format: 0 };
    };
    const [{ metrics }] = await reportsOf(optionsFor(tinyPolicy(8), { reward }));
    expect(seen.length).toBe(18);
    expect(metrics.clippedRatio).toBeCloseTo(seen.filter(([, , ended]) => !ended).length / 18, 10);
  });

  it('keeps no tensors, also when it is stopped', async () => {
    const policy = tinyPolicy(1);
    const before = tf.memory().numTensors;
    await reportsOf(optionsFor(policy));
    expect(tf.memory().numTensors).toBe(before);
    await expect(reportsOf(optionsFor(policy, { signal: AbortSignal.abort() }))).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});
