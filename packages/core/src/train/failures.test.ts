import { seededRandom } from '@midtrain/curriculum';
import { dualObjective, groupAdvantage, type PolicyLoss, policyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { tinyDocuments, tinyRun } from '../../test/tiny-run.js';
import { evaluatePositions } from '../evaluate/evaluate-positions.js';
import type { Policy } from '../policy/policy.js';
import { treeCompletions } from '../tree/complete.js';
import { treeRollout } from '../tree/rollout.js';
import { readTrunk } from '../tree/trunk.js';
import { midTrain } from './mid-train.js';
import type { MidTrainOptions } from './mid-train-options.js';
import { postTrain } from './post-train.js';
import type { PostTrainOptions } from './post-train-options.js';
import { pretrain } from './pretrain.js';

let policy: Policy;
let other: Policy;

beforeAll(async () => {
  await startBackend();
  [policy, other] = [tinyPolicy(), tinyPolicy(2)];
});

const broken = (): never => {
  throw new Error('broken');
};

/** A loss that breaks after so many calls. */
function lossThatBreaks(calls: number): PolicyLoss {
  const whole = policyLoss({ type: 'grpo', beta: 0.1 });
  let left = calls;
  return Object.assign((...[input]: Parameters<PolicyLoss>) => (left-- > 0 ? whole(input) : broken()), {
    reduction: whole.reduction,
  });
}

async function all(run: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of run);
}

/** In the words of the embedding's gather, which are each backend's own. */
const UNKNOWN_TOKEN = /tokenIds|indices/;

/** What fails leaves as many tensors as there were. */
async function failsCleanly(run: () => Promise<unknown>, message: RegExp = /broken/): Promise<void> {
  const before = tf.memory().numTensors;
  await expect(run()).rejects.toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
}

const someState = () => ({
  tensors: {},
  progress: { step: 1, optimiserStep: 1, random: { curriculum: [1, 2, 3, 4], rollout: [1, 2, 3, 4] } },
});

describe('mid-training keeps no tensors', { timeout: 120_000 }, () => {
  it.each<[string, () => Partial<MidTrainOptions>]>([
    ['a difficulty signal', () => ({ difficulty: { measure: broken } })],
    ['a curriculum', () => ({ curriculum: { draw: broken } })],
    ['a budget', () => ({ budget: broken })],
    ['a format', () => ({ format: { instruction: broken, endOfThought: 7 } })],
    ['the making of a rollout', () => ({ rollout: broken })],
    ['a reward', () => ({ reward: broken })],
    ['an estimator of advantages', () => ({ advantages: broken })],
    ['a learning rate', () => ({ learningRate: broken })],
    ['a loss', () => ({ policyLoss: lossThatBreaks(0), reference: other })],
    [
      'a loss in a later pass',
      () => ({ policyLoss: lossThatBreaks(1), reference: other, documentsPerStep: 5, maxTokensPerPass: 150 }),
    ],
    [
      'a loss in a pass within another',
      () => ({ policyLoss: lossThatBreaks(2), reference: other, maxTokensPerPass: 10 }),
    ],
  ])('when %s throws', async (_, changes) => {
    await failsCleanly(() => all(midTrain(tinyRun({ policy, ...changes() }))));
  });

  it('when an objective throws', async () => {
    const objective = dualObjective();
    let left = 20;
    const breaks: MidTrainOptions['objective'] = (...terms) => (left-- > 0 ? objective(...terms) : broken());
    await failsCleanly(() => all(midTrain(tinyRun({ policy, objective: breaks, totalSteps: 40 }))));
  });

  it('when there is nothing to go on from, or an option does not fit', async () => {
    await failsCleanly(() => all(midTrain(tinyRun({ policy, resume: someState() }))), /resume/);
    await failsCleanly(() => all(midTrain(tinyRun({ policy, documentsPerStep: 6 }))), /documentsPerStep/);
  });
});

describe('pre-training keeps no tensors', () => {
  const options = () => ({
    policy,
    documents: tinyDocuments(),
    totalSteps: 3,
    documentsPerStep: 2,
    seed: 4,
    learningRate: () => 0.01,
  });

  it('when a learning rate throws, or there is nothing to go on from', async () => {
    await failsCleanly(() => all(pretrain({ ...options(), learningRate: broken })));
    await failsCleanly(() => all(pretrain({ ...options(), resume: someState() })), /resume/);
  });

  it('when a document has a token that the policy does not know', async () => {
    const tokenIds = Int32Array.of(1, 2, TINY.vocabularySize);
    const documents = [...tinyDocuments(2), { id: 'strange', tokenIds }];
    await failsCleanly(
      () => all(pretrain({ ...options(), documents, documentsPerStep: 3, maxTokensPerPass: 1 })),
      UNKNOWN_TOKEN,
    );
  });
});

describe('post-training keeps no tensors', () => {
  it.each<[string, () => Partial<PostTrainOptions>]>([
    ['a reward', () => ({ reward: broken })],
    ['a loss', () => ({ policyLoss: lossThatBreaks(0), reference: other })],
    [
      'a loss in a later pass',
      () => ({ policyLoss: lossThatBreaks(1), reference: other, maxTokensPerPass: 1 }),
    ],
    ['a learning rate', () => ({ learningRate: broken })],
    ['a rollout', () => ({ rollout: () => async () => broken() })],
  ])('when %s throws', async (_, changes) => {
    const run = () =>
      postTrain({
        policy,
        tokenizer: { decode: (ids) => String(ids) },
        questions: [[1, 2], [3]].map((tokens, i) => ({
          id: `q${i}`,
          promptTokenIds: Int32Array.from(tokens),
          gold: '',
        })),
        reward: ({ tokenIds }) => ({ reward: tokenIds[0], accuracy: 0, format: 0 }),
        advantages: groupAdvantage(),
        policyLoss: policyLoss({ type: 'grpo' }),
        totalSteps: 2,
        questionsPerStep: 2,
        groupSize: 4,
        maxNewTokens: 4,
        seed: 1,
        learningRate: () => 1e-2,
        ...changes(),
      });
    await failsCleanly(() => all(run()));
  });
});

describe('reading and writing keep no tensors', () => {
  const strange = Int32Array.of(1, TINY.vocabularySize);

  it('when a text has a token that the policy does not know', async () => {
    await failsCleanly(() => readTrunk(policy, [strange]), UNKNOWN_TOKEN);
    const request = { groupSize: 2, maxNewTokens: 2, stopTokenIds: [], random: seededRandom(1) };
    await failsCleanly(() => treeCompletions(policy)({ ...request, prompts: [strange] }), UNKNOWN_TOKEN);
  });

  it('when an instruction has one', async () => {
    const documents = [Int32Array.of(1, 2, 3)];
    const trunk = await readTrunk(policy, documents);
    const position = { document: 0, position: 2, instruction: [...strange], maxThoughtTokens: 3 };
    const request = {
      documents,
      positions: [position],
      groupSize: 2,
      endOfThought: 7,
      random: seededRandom(1),
    };
    await failsCleanly(() => treeRollout(policy, trunk)(request), UNKNOWN_TOKEN);
    trunk.dispose();
  });

  it('when an evaluation’s format throws', async () => {
    const run = evaluatePositions({
      policy,
      documents: tinyDocuments(),
      positions: [{ document: 0, position: 3, entropy: 1, tier: 0 }],
      reasoning: { format: { instruction: broken, endOfThought: 7 }, budget: 3 },
    });
    await failsCleanly(() => all(run));
  });
});
