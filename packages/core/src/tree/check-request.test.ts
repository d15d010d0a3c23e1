import { seededRandom } from '@midtrain/curriculum';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import type { Policy } from '../policy/policy.js';
import { treeCompletions } from './complete.js';
import type { CompletionRequest } from './completion-contract.js';
import { type GenerateOptions, generate } from './generate.js';
import { packRows, packTree, type TreePosition } from './pack-tree.js';
import { rowRollout } from './prefill-rows.js';
import { treeRollout } from './rollout.js';
import type { RolloutPosition, RolloutRequest } from './rollout-contract.js';
import { readTrunk } from './trunk.js';

let policy: Policy;

beforeAll(async () => {
  await startBackend();
  policy = tinyPolicy();
});

const refused = (field: string) =>
  expect.objectContaining({
    name: 'RequestError',
    code: 'invalid_request',
    message: expect.stringMatching(new RegExp(`^${field.replace(/[[\].]/g, '\\$&')}: expected .*got `)),
  });

describe('generate', () => {
  const collect = async (changes: Partial<GenerateOptions>) => {
    const ids: number[] = [];
    for await (const id of generate(policy, {
      promptTokenIds: [1],
      maxNewTokens: 3,
      stopTokenIds: [],
      ...changes,
    }))
      ids.push(id);
    return ids;
  };

  it.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %d new tokens',
    async (maxNewTokens) => {
      await expect(collect({ maxNewTokens })).rejects.toEqual(refused('maxNewTokens'));
    },
  );

  it('refuses a prompt without tokens', async () => {
    await expect(collect({ promptTokenIds: [] })).rejects.toEqual(refused('promptTokenIds'));
  });

  it('writes as many tokens as it may', async () => {
    expect(await collect({ maxNewTokens: 1 })).toHaveLength(1);
    expect(await collect({})).toHaveLength(3);
  });
});

const documents = [Int32Array.of(1, 2, 3), Int32Array.of(4, 5)];

/** Positions that are in no document, and ones that nothing would be predicted from. */
const WRONG: [field: string, Partial<RolloutPosition>][] = [
  ['document', { document: 2 }],
  ['document', { document: -1 }],
  ['position', { position: 3 }],
  ['position', { position: -1 }],
  ['position', { position: 0.5 }],
  ['instruction', { instruction: [] }],
];

describe.each([
  [
    'treeRollout',
    () => readTrunk(policy, documents).then((trunk) => ({ rollout: treeRollout(policy, trunk), trunk })),
  ],
  ['rowRollout', async () => ({ rollout: rowRollout(policy), trunk: undefined })],
])('%s', (_, make) => {
  const right = { document: 1, position: 2, instruction: [6], maxThoughtTokens: 2 };
  const roll = async (changes: Partial<RolloutRequest>) => {
    const { rollout, trunk } = await make();
    const before = tf.memory().numTensors;
    const request = { documents, positions: [right], groupSize: 2, endOfThought: 7, random: seededRandom(1) };
    try {
      return await rollout({ ...request, ...changes });
    } finally {
      expect(tf.memory().numTensors).toBe(before);
      trunk?.dispose();
    }
  };

  it.each<[string, Partial<RolloutRequest>]>([
    ['groupSize', { groupSize: 0 }],
    ['groupSize', { groupSize: 1.5 }],
    ['predictionTokens', { predictionTokens: 0 }],
    ['predictionTokens', { predictionTokens: 1.5 }],
    ['positions[0].maxThoughtTokens', { positions: [{ ...right, maxThoughtTokens: -1 }] }],
    ['positions[0].maxThoughtTokens', { positions: [{ ...right, maxThoughtTokens: 2.5 }] }],
    ...WRONG.map(([field, change]): [string, Partial<RolloutRequest>] => [
      `positions[1].${field}`,
      { positions: [right, { ...right, ...change }] },
    ]),
  ])('refuses a wrong %s: %j', async (field, changes) => {
    await expect(roll(changes)).rejects.toEqual(refused(field));
  });

  it('lets a thought have no token', async () => {
    const [group] = await roll({ positions: [{ ...right, maxThoughtTokens: 0 }] });
    for (const { tokenIds } of group) expect(tokenIds.length).toBeLessThanOrEqual(2);
  });
});

describe('treeCompletions', () => {
  it.each<[string, Partial<CompletionRequest>]>([
    ['groupSize', { groupSize: 0 }],
    ['maxNewTokens', { maxNewTokens: 0 }],
    ['maxNewTokens', { maxNewTokens: 2.5 }],
    ['prompts[1]', { prompts: [documents[0], new Int32Array()] }],
  ])('refuses a wrong %s: %j', async (field, changes) => {
    const request = {
      prompts: documents,
      groupSize: 1,
      maxNewTokens: 2,
      stopTokenIds: [],
      random: seededRandom(1),
    };
    await expect(treeCompletions(policy)({ ...request, ...changes })).rejects.toEqual(refused(field));
  });
});

describe.each([
  ['packTree', packTree],
  ['packRows', packRows],
])('%s', (_, pack) => {
  const right: TreePosition = { document: 1, position: 2, instruction: [6], branches: [[8, 9]] };

  it.each(WRONG)('refuses a wrong %s: %j', (field, change) => {
    expect(() => pack(documents, [right, { ...right, ...change }])).toThrow(refused(`positions[1].${field}`));
  });

  it('leaves out positions without branches, whatever they are', () => {
    const idle = { ...right, instruction: [], branches: [] };
    expect(pack(documents, [right, idle])).toEqual(pack(documents, [right]));
  });
});
