import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareTfjs } from '../../tfjs/prepare-tfjs.js';
import { installWasmOps } from '../install-wasm.js';
import { OperationInputError } from '../operation-input-error.js';
import { treeAttentionReference } from '../tree-attention/reference.js';
import { appendsInPlace, appendToCache, CACHE_APPEND, decodeAttention } from './decode-attention.js';
import { decodeAttentionReference } from './reference.js';

beforeAll(async () => {
  await prepareTfjs();
  await tf.setBackend('wasm');
  await tf.ready();
  installWasmOps({ native: true });
});

const noise = <R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number) =>
  tf.randomNormal<R>(shape, 0, 1, 'float32', seed);
const difference = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];
const mask = (rows: number, columns: number, seen: (row: number) => number) =>
  tf.tensor2d(
    Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => (c < seen(r) ? 0 : -1e9)),
    ),
  );

describe('decodeAttention', () => {
  it.each([
    { heads: 4, keyValueHeads: 4 },
    { heads: 6, keyValueHeads: 2 },
  ])('equals its reference with and without a shared prefix ($heads/$keyValueHeads heads)', (shape) => {
    const [branches, headDim, capacity, tokens] = [5, 8, 7, 11];
    const { heads, keyValueHeads } = shape;
    const q = noise<tf.Rank.R3>([branches, heads, headDim], 1);
    const own = {
      keys: noise<tf.Rank.R4>([branches, keyValueHeads, capacity, headDim], 2),
      values: noise<tf.Rank.R4>([branches, keyValueHeads, capacity, headDim], 3),
      mask: mask(branches, capacity, (row) => 1 + row),
    };
    const shared = {
      keys: noise<tf.Rank.R4>([1, keyValueHeads, tokens, headDim], 4),
      values: noise<tf.Rank.R4>([1, keyValueHeads, tokens, headDim], 5),
      mask: mask(branches, tokens, (row) => 2 * row),
    };
    expect(
      difference(decodeAttention(q, own), decodeAttentionReference(q, own, undefined, 1 / Math.sqrt(8))),
    ).toBeLessThan(1e-5);
    expect(
      difference(decodeAttention(q, own, shared), decodeAttentionReference(q, own, shared, 1 / Math.sqrt(8))),
    ).toBeLessThan(1e-5);
  });

  it('equals the last row of tree attention over the same tokens', () => {
    const [prefix, written, heads, headDim] = [6, 4, 2, 8];
    const [q, k, v] = [1, 2, 3].map((seed) => noise<tf.Rank.R3>([prefix + written, heads, headDim], seed));
    const whole = treeAttentionReference(
      q,
      k,
      v,
      [{ start: 0, lengths: [prefix + written], prefix: [] }],
      0.5,
    );
    const headMajor = (x: tf.Tensor3D, start: number, length: number) =>
      x.slice([start, 0, 0], [length, -1, -1]).transpose([1, 0, 2]).expandDims<tf.Tensor4D>(0);
    const step = decodeAttention(
      q.slice([prefix + written - 1, 0, 0], [1, -1, -1]),
      {
        keys: headMajor(k, prefix, written),
        values: headMajor(v, prefix, written),
        mask: tf.zeros([1, written]),
      },
      { keys: headMajor(k, 0, prefix), values: headMajor(v, 0, prefix), mask: tf.zeros([1, prefix]) },
      { scale: 0.5 },
    );
    expect(difference(step, whole.slice([prefix + written - 1, 0, 0], [1, -1, -1]))).toBeLessThan(1e-5);
  });

  it('over several documents equals attention over each alone', () => {
    const [heads, keyValueHeads, headDim, capacity, tokens, places] = [4, 2, 8, 3, 9, 4];
    const documentOf = [1, 0, 1, 1, 2];
    const q = noise<tf.Rank.R3>([5, heads, headDim], 1);
    const own = {
      keys: noise<tf.Rank.R4>([5, keyValueHeads, capacity, headDim], 2),
      values: noise<tf.Rank.R4>([5, keyValueHeads, capacity, headDim], 3),
      mask: mask(5, capacity, (row) => 1 + (row % 3)),
    };
    const keys = noise<tf.Rank.R4>([3, keyValueHeads, tokens, headDim], 4);
    const values = noise<tf.Rank.R4>([3, keyValueHeads, tokens, headDim], 5);
    const sharedMask = mask(5, tokens, (row) => 1 + row);
    const branches = new Int32Array(3 * places);
    const placeOf = documentOf.map((document, row) => {
      const place = document * places + documentOf.slice(0, row).filter((other) => other === document).length;
      branches[place] = row;
      return place;
    });
    const readers = {
      branches: tf.tensor2d(branches, [3, places], 'int32'),
      places: tf.tensor1d(placeOf, 'int32'),
    };
    const together = decodeAttention(q, own, { keys, values, mask: sharedMask, readers });
    documentOf.forEach((document, row) => {
      const alone = decodeAttentionReference(
        q.slice([row], [1]),
        {
          keys: own.keys.slice([row], [1]),
          values: own.values.slice([row], [1]),
          mask: own.mask.slice([row], [1]),
        },
        {
          keys: keys.slice([document], [1]),
          values: values.slice([document], [1]),
          mask: sharedMask.slice([row], [1]),
        },
        1 / Math.sqrt(headDim),
      );
      expect(difference(together.slice([row], [1]), alone)).toBeLessThan(1e-5);
    });
  });
});

describe('appendToCache', () => {
  it.each(['in place', 'by copy'])('writes one column (%s) and keeps no tensor', (how) => {
    const kernel = tf.getKernel(CACHE_APPEND, 'wasm');
    if (how === 'by copy') tf.unregisterKernel(CACHE_APPEND, 'wasm');
    const before = tf.memory().numTensors;
    const rows = tf.tensor3d([[[1, 2]], [[3, 4]]]);
    const column = tf.scalar(1, 'int32');
    const empty: tf.Tensor4D = tf.zeros([2, 1, 3, 2]);
    const cache = appendToCache(empty, rows, column);
    const written = [0, 0, 1, 2, 0, 0, 0, 0, 3, 4, 0, 0];
    expect([...cache.dataSync()]).toEqual(written);
    expect([...empty.dataSync()]).toEqual(appendsInPlace() ? written : new Array(12).fill(0));
    tf.dispose([rows, column, empty, cache]);
    expect(tf.memory().numTensors).toBe(before);
    if (!tf.getKernel(CACHE_APPEND, 'wasm')) tf.registerKernel(kernel);
  });

  it.each(['in place', 'by copy'])('refuses a column that the cache has not (%s)', (how) => {
    const kernel = tf.getKernel(CACHE_APPEND, 'wasm');
    if (how === 'by copy') tf.unregisterKernel(CACHE_APPEND, 'wasm');
    const before = tf.memory().numTensors;
    const rows = tf.tensor3d([[[1, 2]], [[3, 4]]]);
    const empty: tf.Tensor4D = tf.zeros([2, 1, 3, 2]);
    for (const value of [3, 4, -1]) {
      const column = tf.scalar(value, 'int32');
      expect(() => appendToCache(empty, rows, column)).toThrow(OperationInputError);
      expect(() => appendToCache(empty, rows, column)).toThrow(
        `appendToCache: column is ${value}, but the cache has columns for 3 tokens`,
      );
      column.dispose();
    }
    expect([...empty.dataSync()]).toEqual(new Array(12).fill(0));
    tf.dispose([rows, empty]);
    expect(tf.memory().numTensors).toBe(before);
    if (!tf.getKernel(CACHE_APPEND, 'wasm')) tf.registerKernel(kernel);
  });
});
