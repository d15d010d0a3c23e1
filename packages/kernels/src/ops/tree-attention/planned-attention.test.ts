import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareTfjs } from '../../tfjs/prepare-tfjs.js';
import { candidates } from '../conformance/backends.js';
import type { AttentionGroup } from './attention-group.js';
import { bucketSize } from './bucket-size.js';
import { attentionPlan, plannedAttention } from './planned-attention.js';
import { treeAttentionReference } from './reference.js';

const available = (await candidates()).map(({ name }) => name);
const BACKENDS = ['cpu', 'tensorflow'].filter((name) => name === 'cpu' || available.includes(name));

const noise = (shape: [number, number, number], seed: number) =>
  tf.randomNormal(shape, 0, 1, 'float32', seed) as tf.Tensor3D;

/** A document, instructions and branches after parts of it, and a few rows more that belong to nobody. */
const trees = fc.record({
  document: fc.integer({ min: 1, max: 150 }),
  positions: fc.array(
    fc.record({
      prefix: fc.double({ min: 0, max: 1, noNaN: true }),
      instruction: fc.integer({ min: 0, max: 5 }),
      branches: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
    }),
    { maxLength: 3 },
  ),
  spare: fc.integer({ min: 0, max: 5 }),
  keyHeads: fc.constantFrom(1, 2),
  perKey: fc.constantFrom(1, 3),
  buckets: fc.boolean(),
});

describe.each(BACKENDS)('plannedAttention on %s', (backend) => {
  beforeAll(async () => {
    await prepareTfjs();
    await tf.setBackend(backend);
  });

  it('gives rows of nobody something finite, and no gradient', () => {
    for (const groups of [[], [{ start: 0, lengths: [0, 2], prefix: [] }]]) {
      const [out, ...gradients] = tf.tidy(() => {
        const [q, k, v] = [noise([5, 2, 4], 1), noise([5, 1, 4], 2), noise([5, 1, 4], 3)];
        const plan = attentionPlan(groups, 5, { buckets: true });
        const probe = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
          tf.sum(
            tf.slice(plannedAttention(a as tf.Tensor3D, b as tf.Tensor3D, c as tf.Tensor3D, plan), 0, [
              groups.length === 0 ? 0 : 2,
            ]),
          );
        const ofRest = tf
          .grads(probe)([q, k, v])
          .map((gradient) => tf.slice(gradient, 2));
        return [plannedAttention(q, k, v, plan), ...ofRest].map((tensor) => [...tensor.dataSync()]);
      });
      expect(out.every(Number.isFinite)).toBe(true);
      for (const gradient of gradients) expect(gradient.every((value) => value === 0)).toBe(true);
    }
  });

  it('is treeAttention, forward and backward, over random trees', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(trees, ({ document, positions, spare, keyHeads, perKey, buckets }) => {
        const groups: AttentionGroup[] = [{ start: 0, lengths: [document], prefix: [] }];
        let tokens = document;
        for (const { prefix, instruction, branches } of positions) {
          const seen = [{ start: 0, length: Math.round(prefix * document) }];
          groups.push({ start: tokens, lengths: [instruction], prefix: seen });
          const start = tokens + instruction;
          groups.push({
            start,
            lengths: branches,
            prefix: [...seen, { start: tokens, length: instruction }],
          });
          tokens = start + branches.reduce((sum, length) => sum + length, 0);
        }
        const rows = tokens + spare;
        const worst = tf.tidy(() => {
          const q = noise([rows, keyHeads * perKey, 4], 1);
          const k = noise([rows, keyHeads, 4], 2);
          const v = noise([rows, keyHeads, 4], 3);
          const direction = noise([tokens, keyHeads * perKey, 4], 4);
          const head = <T extends tf.Tensor>(x: T): T => tf.slice(x, 0, tokens) as T;
          const plan = attentionPlan(groups, rows, { buckets });
          const probe = (out: tf.Tensor): tf.Scalar => tf.sum(tf.mul(head(out), direction));
          const found = tf.grads((a, b, c) =>
            probe(plannedAttention(a as tf.Tensor3D, b as tf.Tensor3D, c as tf.Tensor3D, plan)),
          )([q, k, v]);
          const reference = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
            treeAttentionReference(
              head(a) as tf.Tensor3D,
              head(b) as tf.Tensor3D,
              head(c) as tf.Tensor3D,
              groups,
              0.5,
            );
          const expected = tf.grads((a, b, c) => probe(reference(a, b, c)))([q, k, v]);
          const pairs = [
            [head(plannedAttention(q, k, v, plan)), reference(q, k, v)],
            ...found.map((gradient, i) => [gradient, expected[i]]),
          ];
          return pairs.map(([a, b]) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]);
        });
        expect(Math.max(...worst)).toBeLessThan(1e-4);
      }),
      { numRuns: 20 },
    );
  });
});

describe('bucketSize', () => {
  it('adds at most a quarter, and meets at most four sizes between powers of two', () => {
    for (let size = 1; size < 5000; size++) {
      const rounded = bucketSize(size);
      expect(rounded).toBeGreaterThanOrEqual(size);
      expect(rounded).toBeLessThan(size * 1.25);
    }
    expect(new Set(Array.from({ length: 1024 }, (_, i) => bucketSize(1025 + i))).size).toBe(4);
  });
});
