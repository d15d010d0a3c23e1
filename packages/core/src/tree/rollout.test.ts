import { seededRandom } from '@midtrain/curriculum';
import { tokenLogProbs, treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { decode } from '../policy/decoder.js';
import { headWeight, type Policy } from '../policy/policy.js';
import { generate } from './generate.js';
import { packRows } from './pack-tree.js';
import { rowRollout } from './prefill-rows.js';
import { treeRollout } from './rollout.js';
import type { RolloutRequest } from './rollout-contract.js';
import { readTrunk } from './trunk.js';

beforeAll(startBackend);

const END = 7;

const requests = fc.integer({ min: 0, max: 2 ** 31 }).map((seed): RolloutRequest => {
  const random = seededRandom(seed);
  const int = (from: number, to: number) => from + Math.floor(random.next() * (to - from + 1));
  const tokens = (length: number) => Array.from({ length }, () => int(0, TINY.vocabularySize - 1));
  const documents = Array.from({ length: int(1, 3) }, () => Int32Array.from(tokens(int(1, 30))));
  const positions = documents.flatMap(({ length }, document) =>
    Array.from({ length: int(0, 3) }, () => ({
      document,
      position: int(0, length),
      instruction: tokens(int(1, 4)),
      maxThoughtTokens: int(1, 12),
    })),
  );
  return {
    documents,
    positions,
    groupSize: int(1, 4),
    predictionTokens: int(1, 2),
    endOfThought: END,
    random,
  };
});

async function rollTree(policy: Policy, request: RolloutRequest) {
  const trunk = await readTrunk(policy, request.documents);
  try {
    return await treeRollout(policy, trunk)(request);
  } finally {
    trunk.dispose();
  }
}

/** Log-probabilities of what was sampled, by reading every branch whole. */
function rescored(
  policy: Policy,
  request: RolloutRequest,
  branches: readonly (readonly number[])[][],
): number[] {
  return tf.tidy(() => {
    const tree = packRows(
      request.documents,
      request.positions.map((position, i) => ({ ...position, branches: branches[i] })),
    );
    const hidden = decode(policy, tree, (_, q, k, v) => treeAttention(q, k, v, tree.groups));
    const read = tf.gather(hidden, tf.tensor1d(tree.branchRows, 'int32'));
    const { logProbs_N } = tokenLogProbs(read, headWeight(policy), tf.tensor1d(tree.branchTargets, 'int32'));
    return [...logProbs_N.dataSync()];
  });
}

describe('treeRollout', () => {
  it('samples with the log-probabilities that reading each branch alone gives', async () => {
    const policy = tinyPolicy(5);
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const groups = await rollTree(policy, request);
        expect(groups.length).toBe(request.positions.length);
        const branches = groups.flat();
        if (branches.length === 0) return;
        const expected = rescored(
          policy,
          request,
          groups.map((group) => group.map(({ tokenIds }) => [...tokenIds])),
        );
        branches
          .flatMap(({ logProbs }) => logProbs)
          .forEach((logProb, i) => {
            expect(Math.abs(logProb - expected[i])).toBeLessThan(1e-4);
          });
      }),
      { numRuns: 25, seed: 1 },
    );
  }, 120_000);

  it('ends each branch after its prediction, or cuts off its thought', async () => {
    const policy = tinyPolicy(6);
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const groups = await rollTree(policy, request);
        groups.forEach((group, i) => {
          const { maxThoughtTokens } = request.positions[i];
          expect(group.length).toBe(request.groupSize);
          for (const { tokenIds, thoughtTokenIds, wellFormed, predictionTokenIds } of group) {
            const end = tokenIds.indexOf(END);
            const inTime = end >= 0 && end <= maxThoughtTokens;
            expect(wellFormed).toBe(inTime);
            expect(thoughtTokenIds).toEqual(inTime ? tokenIds.slice(0, end) : tokenIds);
            expect(predictionTokenIds).toEqual(inTime ? tokenIds.slice(end + 1) : []);
            expect(tokenIds.length).toBe(
              inTime ? end + 1 + (request.predictionTokens ?? 1) : maxThoughtTokens + 1,
            );
          }
        });
      }),
      { numRuns: 15, seed: 2 },
    );
  }, 120_000);

  it('writes, greedily, what row-by-row decoding and plain generation write', async () => {
    const policy = tinyPolicy(7);
    const [request] = fc.sample(
      requests.filter(({ positions }) => positions.length > 3),
      { numRuns: 1, seed: 8 },
    );
    const greedy = { ...request, temperature: 0 };
    const tree = (await rollTree(policy, greedy)).flat();
    const rows = (await rowRollout(policy)(greedy)).flat();
    expect(tree.map(({ tokenIds }) => tokenIds)).toEqual(rows.map(({ tokenIds }) => tokenIds));
    const { document, position, instruction } = greedy.positions[0];
    const promptTokenIds = [...greedy.documents[document].subarray(0, position), ...instruction];
    const maxNewTokens = tree[0].tokenIds.length;
    const plain: number[] = [];
    for await (const id of generate(policy, {
      promptTokenIds,
      maxNewTokens,
      temperature: 0,
      stopTokenIds: [],
    }))
      plain.push(id);
    expect(plain).toEqual(tree[0].tokenIds);
  });

  it('keeps no tensors, also when it is stopped', async () => {
    const policy = tinyPolicy(8);
    const [request] = fc.sample(
      requests.filter(({ positions }) => positions.length > 2),
      { numRuns: 1, seed: 9 },
    );
    await rollTree(policy, request);
    const before = tf.memory().numTensors;
    await rollTree(policy, request);
    await expect(rollTree(policy, { ...request, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});
