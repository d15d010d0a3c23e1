import { seededRandom } from '@midtrain/curriculum';
import { canCompile, compiledComputation, treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { withLora } from '../lora/with-lora.js';
import { decode } from '../policy/decoder.js';
import { layOutWeights } from '../policy/laid-weights.js';
import { headWeight, type Policy } from '../policy/policy.js';
import { completionWriter } from './completion-writer.js';
import { type DecodingGraphs, nextTokens } from './decode-step.js';
import { packTree } from './pack-tree.js';
import { prefillTree } from './prefill-tree.js';
import { decodeLanes } from './rollout.js';
import { readTrunk } from './trunk.js';

beforeAll(startBackend);

/** Computes every step operation by operation. */
const byOperation: DecodingGraphs = {
  run: (_, __, compute) => tf.tidy(() => [...compute()]),
};

const documents = [23, 5, 40].map((length, d) =>
  Int32Array.from({ length }, (_, i) => (7 * i * i + 3 * d) % TINY.vocabularySize),
);
const positions = [
  { document: 0, position: 20, instruction: [5, 6] },
  { document: 2, position: 3, instruction: [9] },
  { document: 0, position: 0, instruction: [2, 4, 8] },
  { document: 2, position: 40, instruction: [1, 1] },
  { document: 2, position: 17, instruction: [30] },
];
const GROUP = 30;

async function prefilled(policy: Policy, maxNewTokens: number) {
  const trunk = await readTrunk(policy, documents);
  return prefillTree(policy, trunk, positions, GROUP, maxNewTokens);
}

/** Branches that end here and there, so that places are given up on the way. */
async function written(policy: Policy, temperature: number, compute?: DecodingGraphs) {
  const writers = positions.flatMap(() =>
    Array.from({ length: GROUP }, (_, g) => completionWriter(1 + (g % 24), new Set([3, 11]))),
  );
  const sampling = { temperature, random: seededRandom(12) };
  await decodeLanes(policy, await prefilled(policy, 24), writers, sampling, compute);
  return writers.map((writer) => writer.finish());
}

const policies: [string, () => Policy][] = [
  ['all weights', () => tinyPolicy(3)],
  [
    'norms of heads and a head of its own',
    () => tinyPolicy(4, { family: 'qwen3', tieWordEmbeddings: false }),
  ],
  ['an adapter', () => withLora(tinyPolicy(3), { rank: 4 }, 6)],
];

describe.each(policies)('decoding steps with %s', (_, make) => {
  it.each([0, 0.7])(
    'as graphs write what they write by operation, at temperature %s',
    {
      timeout: 120_000,
    },
    async (temperature) => {
      const policy = make();
      const warn = vi.spyOn(process, 'emitWarning');
      const graphs = compiledComputation('decoding in a test');
      const compiled = [
        await written(policy, temperature, graphs),
        await written(policy, temperature, graphs),
        await written(policy, temperature, graphs),
      ];
      const expected = await written(policy, temperature, byOperation);
      for (const completions of compiled) {
        expect(completions.map(({ tokenIds }) => tokenIds)).toEqual(expected.map(({ tokenIds }) => tokenIds));
        completions
          .flatMap(({ logProbs }) => logProbs)
          .forEach((logProb, i) => {
            expect(Math.abs(logProb - expected.flatMap(({ logProbs }) => logProbs)[i])).toBeLessThan(1e-5);
          });
      }
      if (canCompile()) expect(graphs.calls.byOperation).toBe(0);
      expect(warn).not.toHaveBeenCalled();
      graphs.dispose();
    },
  );
});

/** The most likely token after a text and its log-probability, by reading it whole. */
const nextOf = (policy: Policy, text: readonly number[]): readonly number[] =>
  tf.tidy(() => {
    const packed = packTree([text], []);
    const hidden = decode(policy, packed, (_, q, k, v) => treeAttention(q, k, v, packed.groups));
    const last = tf.slice(hidden, [text.length - 1, 0], [1, -1]) as tf.Tensor2D;
    const logits = tf.logSoftmax(tf.matMul(last, headWeight(policy), false, true));
    return [tf.argMax(logits, 1).dataSync()[0], tf.max(logits).dataSync()[0]];
  });

describe('a decoding step', () => {
  it.each([
    ['as they are stored', false],
    ['laid out', true],
  ])(
    'gives every token the log-probability that reading its branch whole gives, weights %s',
    async (_, lay) => {
      const policy = tinyPolicy(8);
      const laid = lay ? layOutWeights(policy) : undefined;
      if (laid) expect(laid.size).toBe(7 * policy.config.layers);
      const graphs = compiledComputation('decoding in a test');
      const { lanes, hidden_B_D } = await prefilled(policy, 6);
      hidden_B_D.dispose();
      // Given tokens instead of drawn ones; the third time the graph is not recorded any more.
      const given = [13, 27, 8];
      const rows = lanes.reduce((sum, lane) => sum + lane.rows, 0);
      for (const [step, token] of given.entries()) {
        const expected = positions.map(({ document, position, instruction }) =>
          nextOf(policy, [
            ...documents[document].slice(0, position),
            ...instruction,
            ...given.slice(0, step + 1),
          ]),
        );
        const sampling = { temperature: 0, random: seededRandom(1) };
        const sampled = await nextTokens(policy, lanes, new Int32Array(rows).fill(token), sampling, {
          graphs,
          laid,
        });
        let first = 0;
        for (const lane of lanes) {
          lane.branches.forEach((branch, slot) => {
            const [best, logProb] = expected[Math.floor(branch / GROUP)];
            expect(sampled.tokenIds[first + slot]).toBe(best);
            expect(Math.abs(sampled.logProbs[first + slot] - logProb)).toBeLessThan(1e-5);
          });
          first += lane.rows;
        }
      }
      graphs.dispose();
    },
  );
});
