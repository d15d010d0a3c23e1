import { seededRandom } from '@midtrain/curriculum';
import { tokenLogProbs, treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { decode } from '../policy/decoder.js';
import { headWeight, type Policy } from '../policy/policy.js';
import { treeCompletions } from './complete.js';
import type { CompletionRequest } from './completion-contract.js';
import { generate } from './generate.js';
import { packTree } from './pack-tree.js';

beforeAll(startBackend);

const STOPS = [3, 7, 11];

const requests = fc.integer({ min: 0, max: 2 ** 31 }).map((seed): CompletionRequest => {
  const random = seededRandom(seed);
  const int = (from: number, to: number) => from + Math.floor(random.next() * (to - from + 1));
  const prompt = () => Int32Array.from({ length: int(1, 20) }, () => int(0, TINY.vocabularySize - 1));
  return {
    prompts: Array.from({ length: int(1, 4) }, prompt),
    groupSize: int(1, 4),
    maxNewTokens: int(1, 15),
    stopTokenIds: STOPS,
    temperature: 0.5 + random.next(),
    random,
  };
});

/** Log-probabilities of a text's tokens from `from` on, by reading it whole, as a plain document. */
function readAlone(policy: Policy, tokenIds: readonly number[], from: number, temperature: number): number[] {
  return tf.tidy(() => {
    const packed = packTree([tokenIds], []);
    const hidden = decode(policy, packed, (_, q, k, v) => treeAttention(q, k, v, packed.groups));
    const { logProbs_N } = tokenLogProbs(
      tf.slice(hidden, [0, 0], [tokenIds.length - 1, -1]),
      headWeight(policy),
      tf.tensor1d(tokenIds.slice(1), 'int32'),
      { temperature },
    );
    return [...logProbs_N.dataSync()].slice(from - 1);
  });
}

describe('treeCompletions', () => {
  it('samples with the log-probabilities that reading each completion alone gives', async () => {
    const policy = tinyPolicy(5);
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const groups = await treeCompletions(policy)(request);
        expect(groups.map(({ length }) => length)).toEqual(request.prompts.map(() => request.groupSize));
        groups.forEach((group, i) => {
          const prompt = [...request.prompts[i]];
          for (const { tokenIds, logProbs } of group) {
            const text = [...prompt, ...tokenIds];
            const expected = readAlone(policy, text, prompt.length, request.temperature ?? 1);
            expect(logProbs.length).toBe(tokenIds.length);
            logProbs.forEach((logProb, t) => {
              expect(Math.abs(logProb - expected[t])).toBeLessThan(1e-4);
            });
          }
        });
      }),
      { numRuns: 20, seed: 1 },
    );
  }, 120_000);

  it('ends each at the first token that ends one, or cuts it off at the limit', async () => {
    const policy = tinyPolicy(6);
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        for (const { tokenIds, ended } of (await treeCompletions(policy)(request)).flat()) {
          const end = tokenIds.findIndex((id) => STOPS.includes(id));
          expect(ended).toBe(end >= 0);
          expect(tokenIds.length).toBe(end >= 0 ? end + 1 : request.maxNewTokens);
        }
      }),
      { numRuns: 20, seed: 2 },
    );
  }, 120_000);

  it('writes, greedily, what plain generation writes', async () => {
    const policy = tinyPolicy(7);
    const [request] = fc.sample(
      requests.filter(({ prompts, maxNewTokens }) => prompts.length > 2 && maxNewTokens > 8),
      { numRuns: 1, seed: 8 },
    );
    const groups = await treeCompletions(policy)({ ...request, temperature: 0 });
    for (const [i, [{ tokenIds, ended }]] of groups.entries()) {
      const plain: number[] = [];
      for await (const id of generate(policy, {
        promptTokenIds: [...request.prompts[i]],
        maxNewTokens: request.maxNewTokens,
        temperature: 0,
        stopTokenIds: STOPS,
      }))
        plain.push(id);
      expect(ended ? tokenIds.slice(0, -1) : tokenIds).toEqual(plain);
    }
  });

  it('keeps no tensors, also when it is stopped', async () => {
    const policy = tinyPolicy(8);
    const [request] = fc.sample(requests, { numRuns: 1, seed: 9 });
    await treeCompletions(policy)(request);
    const before = tf.memory().numTensors;
    await treeCompletions(policy)(request);
    await expect(treeCompletions(policy)({ ...request, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});
