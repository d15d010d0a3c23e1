import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareTfjs } from '../../tfjs/prepare-tfjs.js';
import { installWasmOps } from '../install-wasm.js';
import type { AttentionGroup } from './attention-group.js';
import { treeAttentionReference } from './reference.js';
import { treeAttention } from './tree-attention.js';

beforeAll(async () => {
  await prepareTfjs();
  await tf.setBackend('wasm');
  await tf.ready();
  installWasmOps({ native: true });
});

type Shape = [number, number, number];

const noise = (shape: Shape, seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed) as tf.Tensor3D;

/** Attention token by token in float64: the definition, without any batching. */
function bruteForce(
  q: number[][][],
  k: number[][][],
  v: number[][][],
  groups: readonly AttentionGroup[],
  scale: number,
): number[][][] {
  const perKey = q[0].length / k[0].length;
  const out: number[][][] = [];
  for (const group of groups) {
    const prefix = group.prefix.flatMap((run) => Array.from({ length: run.length }, (_, i) => run.start + i));
    let start = group.start;
    for (const length of group.lengths) {
      for (let i = 0; i < length; i++) {
        const seen = [...prefix, ...Array.from({ length: i + 1 }, (_, j) => start + j)];
        const query = q[out.length];
        out.push(
          query.map((row, h) => {
            const head = Math.floor(h / perKey);
            const scores = seen.map((key) => scale * row.reduce((t, x, d) => t + x * k[key][head][d], 0));
            const most = Math.max(...scores);
            const weights = scores.map((s) => Math.exp(s - most));
            const total = weights.reduce((a, b) => a + b, 0);
            return row.map((_, d) =>
              seen.reduce((t, key, j) => t + (weights[j] / total) * v[key][head][d], 0),
            );
          }),
        );
      }
      start += length;
    }
  }
  return out;
}

/** A random forest: documents, positions with an instruction each, ragged branches. */
const forest = fc
  .array(
    fc.record({
      tokens: fc.integer({ min: 1, max: 150 }),
      positions: fc.array(
        fc.record({
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          instruction: fc.integer({ min: 1, max: 5 }),
          branches: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((documents) => {
    const groups: AttentionGroup[] = [];
    let next = 0;
    for (const { tokens, positions } of documents) {
      const start = next;
      groups.push({ start, lengths: [tokens], prefix: [] });
      next += tokens;
      for (const { share, instruction, branches } of positions) {
        const prefix = [{ start, length: Math.round(share * tokens) }];
        groups.push({ start: next, lengths: [instruction], prefix });
        const whole = [...prefix, { start: next, length: instruction }];
        next += instruction;
        groups.push({ start: next, lengths: branches, prefix: whole });
        next += branches.reduce((a, b) => a + b, 0);
      }
    }
    return { groups, tokens: next };
  });

const difference = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];

/**
 * Compares value and gradients with the reference's, on noise.
 *
 * @param options.spread what queries are multiplied by; default 1
 */
function expectReference(
  shape: { readonly heads: number; readonly keyValueHeads: number; readonly headDim?: number },
  groups: readonly AttentionGroup[],
  tokens: number,
  seed: number,
  options: { readonly spread?: number; readonly tolerance?: number } = {},
): void {
  const { heads, keyValueHeads, headDim = 8 } = shape;
  const { spread = 1, tolerance = 1e-5 } = options;
  const scale = 1 / Math.sqrt(headDim);
  tf.tidy(() => {
    const q = tf.mul<tf.Tensor3D>(noise([tokens, heads, headDim], seed), spread);
    const k = noise([tokens, keyValueHeads, headDim], seed + 1);
    const v = noise([tokens, keyValueHeads, headDim], seed + 2);
    const weight = noise([tokens, heads, headDim], seed + 3);
    const gradients = (f: typeof treeAttention) =>
      tf.valueAndGrads((a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
        tf.sum(tf.mul(f(a as tf.Tensor3D, b as tf.Tensor3D, c as tf.Tensor3D, groups), weight)),
      )([q, k, v]);
    const fused = gradients(treeAttention);
    const plain = gradients((a, b, c, g) => treeAttentionReference(a, b, c, g, scale));
    fused.grads.forEach((gradient, i) => {
      const largest = tf.max(tf.abs(plain.grads[i])).dataSync()[0];
      expect(difference(gradient, plain.grads[i])).toBeLessThanOrEqual(tolerance * Math.max(1, largest));
    });
    expect(
      difference(treeAttention(q, k, v, groups), treeAttentionReference(q, k, v, groups, scale)),
    ).toBeLessThan(tolerance);
  });
}

describe('treeAttention', () => {
  it.each([
    { heads: 16, keyValueHeads: 16 },
    { heads: 16, keyValueHeads: 4 },
  ])(
    'equals the reference where keys are computed in several stretches ($heads/$keyValueHeads heads)',
    { timeout: 60_000 },
    ({ heads, keyValueHeads }) => {
      const document = 700;
      const prefix = [{ start: 0, length: 650 }];
      const instruction = { start: document, length: 3 };
      const groups: AttentionGroup[] = [
        { start: 0, lengths: [document], prefix: [] },
        { start: document, lengths: [3], prefix },
        { start: document + 3, lengths: [40, 0, 56, 7], prefix: [...prefix, instruction] },
      ];
      const tokens = document + 3 + 103;
      // Scores of up to about ±20, so that a stretch may weigh next to nothing.
      expectReference({ heads, keyValueHeads, headDim: 4 }, groups, tokens, 1, {
        spread: 2,
        tolerance: 2e-5,
      });
    },
  );

  it.each([
    { heads: 4, keyValueHeads: 4 },
    { heads: 6, keyValueHeads: 2 },
  ])(
    'equals the reference, forward and backward, on random forests ($heads/$keyValueHeads heads)',
    (shape) => {
      fc.assert(
        fc.property(forest, fc.integer({ min: 1, max: 1e6 }), ({ groups, tokens }, seed) => {
          expectReference(shape, groups, tokens, seed);
        }),
        { numRuns: 12, seed: 7 },
      );
    },
    60_000,
  );

  it.each([
    { heads: 4, keyValueHeads: 4 },
    { heads: 6, keyValueHeads: 2 },
  ])('equals the reference where trees are alike ($heads/$keyValueHeads heads)', (shape) => {
    // Stretches of 70 of each document, apart from each other; instructions, and branches that share their prefix.
    const [document, instruction, branch] = [140, 3, 60];
    const whole = document + instruction + 2 * branch;
    const groups = [0, whole, 2 * whole].flatMap((start): AttentionGroup[] => {
      const prefix = [{ start, length: 90 }];
      const after = { start: start + document, length: instruction };
      return [
        { start, lengths: [document], prefix: [] },
        { ...after, lengths: [instruction], prefix },
        { start: after.start + instruction, lengths: [branch, branch], prefix: [...prefix, after] },
      ];
    });
    expectReference(shape, groups, 3 * whole, 11);
  });

  it('equals a token-by-token computation in float64', () => {
    const groups: AttentionGroup[] = [
      { start: 0, lengths: [7], prefix: [] },
      { start: 7, lengths: [2], prefix: [{ start: 0, length: 3 }] },
      {
        start: 9,
        lengths: [3, 0, 5],
        prefix: [
          { start: 0, length: 3 },
          { start: 7, length: 2 },
        ],
      },
    ];
    const [q, k, v] = [noise([17, 4, 6], 1), noise([17, 2, 6], 2), noise([17, 2, 6], 3)];
    const expected = bruteForce(q.arraySync(), k.arraySync(), v.arraySync(), groups, 0.3);
    const actual = treeAttention(q, k, v, groups, { scale: 0.3 });
    expect(difference(actual, tf.tensor3d(expected))).toBeLessThan(2e-6);
  });

  it('names the group that does not fit', () => {
    const x = noise([4, 1, 2], 1);
    expect(() => treeAttention(x, x, x, [{ start: 2, lengths: [4], prefix: [] }])).toThrow(/groups\[0\]/);
    expect(() => treeAttention(x, x, x, [{ start: 0, lengths: [3], prefix: [] }])).toThrow(
      /3 tokens, but there are 4/,
    );
  });

  it.each<[q: Shape, k: Shape, v: Shape]>([
    [
      [4, 2, 6],
      [4, 2, 6],
      [4, 2, 5],
    ],
    [
      [4, 2, 6],
      [4, 2, 5],
      [4, 2, 5],
    ],
    [
      [4, 2, 6],
      [4, 2, 6],
      [5, 2, 6],
    ],
    [
      [4, 3, 6],
      [4, 2, 6],
      [4, 2, 6],
    ],
  ])('names tensors that do not fit each other: %j %j %j', (q, k, v) => {
    const groups: AttentionGroup[] = [{ start: 0, lengths: [4], prefix: [] }];
    const call = () => treeAttention(tf.zeros(q), tf.zeros(k), tf.zeros(v), groups);
    expect(call).toThrowError(
      expect.objectContaining({
        code: 'OPERATION_INPUT',
        message: `treeAttention: expected q [M, H, D] with k and v [N, K, D], where K divides H, got [${q}], [${k}] and [${v}]`,
      }),
    );
  });
});
