import { seededRandom } from '@midtrain/curriculum';
import { embeddingLookup, treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { decode } from '../policy/decoder.js';
import { headWeight, type Policy } from '../policy/policy.js';
import { policyGradients } from '../train/gradients.js';
import { type PackedTree, packRows, packTree, type TreePosition } from './pack-tree.js';

beforeAll(startBackend);

interface Forest {
  readonly documents: readonly Int32Array[];
  readonly positions: readonly TreePosition[];
}

/**
 * Documents of any length from one token on; positions before everything, at the last token, after everything, twice
 * at one place, and anywhere; groups of one and of several; branches of one token (which read nothing) and of many.
 */
const forests = fc.integer({ min: 0, max: 2 ** 31 }).map((seed): Forest => {
  const random = seededRandom(seed);
  const int = (from: number, to: number) => from + Math.floor(random.next() * (to - from + 1));
  const tokens = (length: number) => Array.from({ length }, () => int(0, TINY.vocabularySize - 1));
  const documents = Array.from({ length: int(1, 3) }, () => Int32Array.from(tokens(int(1, 45))));
  const positions = documents.flatMap(({ length }, document) => {
    const some = Array.from({ length: int(0, 3) }, () => int(0, length));
    return [0, length - 1, length, length, ...some].map((position) => ({
      document,
      position,
      instruction: tokens(int(1, 6)),
      branches: Array.from({ length: random.next() < 0.3 ? 1 : int(2, 5) }, () => tokens(int(1, 14))),
    }));
  });
  return { documents, positions };
});

/** Logits of everything that is predicted: branch tokens, then document tokens. [M, V], differentiable. */
function logits(policy: Policy, packed: PackedTree): tf.Tensor2D {
  const hidden_N_D = decode(policy, packed, (_, q, k, v) => treeAttention(q, k, v, packed.groups));
  const rows = Int32Array.from([...packed.branchRows, ...packed.trunkRows]);
  const read_M_D = embeddingLookup(hidden_N_D, tf.tensor1d(rows, 'int32'));
  return tf.matMul(read_M_D, headWeight(policy), false, true);
}

describe('packTree', () => {
  it.each(['llama', 'qwen2', 'qwen3'] as const)(
    'gives the logits and every gradient that rows give, over random forests (%s)',
    (family) => {
      const policy = tinyPolicy(31, { family, attentionBias: family === 'qwen2' });
      fc.assert(
        fc.property(forests, fc.integer({ min: 1, max: 1e6 }), ({ documents, positions }, seed) => {
          const tree = packTree(documents, positions);
          const rows = packRows(documents, positions);
          expect(tree.branchTargets).toEqual(rows.branchTargets);
          expect(tree.trunkTargets).toEqual(rows.trunkTargets);
          tf.tidy(() => {
            const [onTree, byRow] = [logits(policy, tree), logits(policy, rows)];
            expect(tf.max(tf.abs(tf.sub(onTree, byRow))).dataSync()[0]).toBeLessThan(1e-4);
            // Each logit weighs differently, so that no gradient can be right by the sum of two wrong ones.
            const weights = tf.randomNormal(onTree.shape, 0, 1, 'float32', seed);
            const gradientsOf = (packed: PackedTree) =>
              policyGradients(policy, () => tf.sum(tf.mul(logits(policy, packed), weights))).gradients;
            const [actual, expected] = [gradientsOf(tree), gradientsOf(rows)];
            expect(Object.keys(actual).sort()).toEqual(Object.keys(policy.parameters).sort());
            for (const [name, gradient] of Object.entries(expected)) {
              const norm = tf.norm(gradient).dataSync()[0];
              const difference = tf.norm(tf.sub(actual[name], gradient)).dataSync()[0];
              expect(difference, `${name} of norm ${norm}`).toBeLessThanOrEqual(1e-4 * norm);
            }
          });
        }),
        { numRuns: 20, seed: 17 },
      );
    },
    120_000,
  );

  it('computes each token once', () => {
    const document = Int32Array.from({ length: 30 }, (_, i) => i);
    const positions = [10, 20].map((position) => ({
      document: 0,
      position,
      instruction: [1, 2, 3],
      branches: Array.from({ length: 8 }, () => [4, 5, 6, 7]),
    }));
    expect(packTree([document], positions).tokenIds.length).toBe(30 + 2 * (3 + 8 * 3));
    const unused = { document: 0, position: 5, instruction: [1, 2, 3], branches: [] };
    expect(packTree([document], [...positions, unused])).toEqual(packTree([document], positions));
    expect(packRows([document], positions).tokenIds.length).toBe(30 + 8 * (10 + 3 + 3) + 8 * (20 + 3 + 3));
  });
});
