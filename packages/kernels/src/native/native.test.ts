import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { configureNative, nativeGraph, nativeStatus, runOnWasm, runRowsOnWasm } from './index.js';

const addScaled = nativeGraph({
  name: 'add-scaled',
  nodes: [
    { op: 'Mul', inputs: ['x', 'two'], outputs: ['twice'] },
    { op: 'Add', inputs: ['twice', 'y'], outputs: ['z'] },
    { op: 'Softmax', inputs: ['z'], outputs: ['p'], attributes: { axis: { int: -1 } } },
    {
      op: 'ArgMax',
      inputs: ['z'],
      outputs: ['best'],
      attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
    },
    { op: 'Transpose', inputs: ['z'], outputs: ['t'], attributes: { perm: { ints: [1, 0] } } },
  ],
  constants: [{ name: 'two', dims: [], data: [2] }],
  inputs: [
    { name: 'x', dims: ['n', 'd'] },
    { name: 'y', dims: ['d'] },
  ],
  outputs: [
    { name: 'z', dims: ['n', 'd'] },
    { name: 'p', dims: ['n', 'd'] },
    { name: 't', dims: ['d', 'n'] },
    { name: 'best', dims: ['n'], type: 'int64' },
  ],
});

describe('nativeGraph', () => {
  afterEach(() => {
    configureNative({ enabled: true });
  });

  it('is available and says which version runs', () => {
    expect(nativeStatus()).toMatchObject({ ok: true, version: '1.30.0' });
  });

  it('computes in place, with constants, attributes and several outputs', () => {
    const memory = new Float32Array(40).fill(9);
    const best = new BigInt64Array(2);
    memory.set([1, 2, 3, 4, 5, 0], 1);
    memory.set([10, 20, 30], 8);
    addScaled.run(
      { x: { data: memory.subarray(1, 7), dims: [2, 3] }, y: { data: memory.subarray(8, 11), dims: [3] } },
      {
        z: { data: memory.subarray(12, 18), dims: [2, 3] },
        t: { data: memory.subarray(19, 25), dims: [3, 2] },
        p: { data: memory.subarray(26, 32), dims: [2, 3] },
        best: { data: best, dims: [2] },
      },
    );
    expect([...memory.subarray(11, 19)]).toEqual([9, 12, 24, 36, 18, 30, 30, 9]);
    expect([...memory.subarray(19, 26)]).toEqual([12, 18, 24, 30, 36, 30, 9]);
    expect(memory[31]).toBeCloseTo(1 / (2 + Math.exp(-12)), 6);
    expect([...best]).toEqual([2n, 1n]);
  });

  it('leaves out outputs that are not asked for', () => {
    const z = new Float32Array(1);
    addScaled.run(
      { x: { data: Float32Array.of(3), dims: [1, 1] }, y: { data: Float32Array.of(4), dims: [1] } },
      { z: { data: z, dims: [1, 1] } },
    );
    expect(z[0]).toBe(10);
  });

  it('names the tensor that does not fit', () => {
    const x = { data: new Float32Array(6), dims: [2, 3] };
    expect(() => addScaled.run({ x }, {})).toThrow('add-scaled: y is missing');
    expect(() => addScaled.run({ x, y: { data: new Int32Array(3), dims: [3] } }, {})).toThrow(
      'y is a Int32Array, expected Float32Array',
    );
    expect(() => addScaled.run({ x, y: { data: new Float32Array(4), dims: [3] } }, {})).toThrow(
      'y has 4 numbers for shape [3]',
    );
    expect(() =>
      addScaled.run({ x: { ...x, dims: [6] }, y: { data: new Float32Array(6), dims: [6] } }, {}),
    ).toThrow('x has shape [6], expected [n,d]');
  });

  it('computes large tensors, on all threads, as it does small ones', () => {
    const [n, d] = [700, 300];
    const x = Float32Array.from({ length: n * d }, (_, i) => (i % 13) - 6);
    const y = Float32Array.from({ length: d }, (_, i) => i % 7);
    const z = new Float32Array(n * d);
    addScaled.run(
      { x: { data: x, dims: [n, d] }, y: { data: y, dims: [d] } },
      { z: { data: z, dims: [n, d] } },
    );
    expect(z).toEqual(x.map((value, i) => 2 * value + y[i % d]));
  });

  it('leaves no copies of what it has written behind', () => {
    const rows = 20_000;
    const x = { data: new Float32Array(rows * 64).fill(1), dims: [rows, 64] };
    const y = { data: new Float32Array(64).fill(3), dims: [64] };
    const z = { data: new Float32Array(rows * 64), dims: [rows, 64] };
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 4; i++) addScaled.run({ x, y }, { z });
    expect(z.data.every((value) => value === 5)).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(z.data.byteLength);
  });

  it('gives the same numbers after a change of threads', () => {
    const run = (): number[] => {
      const z = new Float32Array(4);
      addScaled.run(
        {
          x: { data: Float32Array.of(1, 2, 3, 4), dims: [2, 2] },
          y: { data: Float32Array.of(5, 6), dims: [2] },
        },
        { z: { data: z, dims: [2, 2] } },
      );
      return [...z];
    };
    const before = run();
    const { threads } = nativeStatus();
    expect(configureNative({ threads: 1 })).toMatchObject({ ok: true, threads: 1 });
    expect(run()).toEqual(before);
    configureNative({ threads });
  });

  it('is loud when switched off', () => {
    expect(configureNative({ enabled: false })).toMatchObject({
      ok: false,
      reason: 'switched off by the caller',
    });
    const x = { data: new Float32Array(1), dims: [1, 1] };
    expect(() => addScaled.run({ x, y: { data: new Float32Array(1), dims: [1] } }, {})).toThrow(
      expect.objectContaining({ code: 'NATIVE_UNAVAILABLE' }),
    );
  });

  it('refuses a thread count that makes no sense', () => {
    expect(() => configureNative({ threads: 0 })).toThrow('threads: 0 must be a whole number');
  });
});

describe('runOnWasm', () => {
  const product = nativeGraph({
    name: 'product',
    nodes: [
      {
        op: 'FusedMatMul',
        domain: 'com.microsoft',
        inputs: ['a', 'b'],
        outputs: ['y'],
        attributes: { transA: { int: 1 } },
      },
    ],
    inputs: [
      { name: 'a', dims: ['b', 'k', 'm'] },
      { name: 'b', dims: ['b', 'k', 'n'] },
    ],
    outputs: [{ name: 'y', dims: ['b', 'm', 'n'] }],
  });

  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
  });

  it('multiplies tensors of the wasm heap, also while the heap grows', () => {
    expect(tf.getBackend()).toBe('wasm');
    const kept: tf.Tensor[] = [];
    for (let round = 0; round < 4; round++) {
      kept.push(tf.zeros([2 ** 23]));
      const a = tf.tensor3d(
        Array.from({ length: 24 }, (_, i) => i - 7 * round),
        [2, 3, 4],
      );
      const b = tf.tensor3d(
        Array.from({ length: 30 }, (_, i) => (i % 7) - 3),
        [2, 3, 5],
      );
      const [y] = runOnWasm(product, [a, b], [[2, 4, 5]]);
      const values = tf
        .tensor(tf.backend().readSync(y.dataId) as Float32Array, [2, 4, 5])
        .arraySync() as number[][][];
      const [as, bs] = [a.arraySync(), b.arraySync()];
      for (let batch = 0; batch < 2; batch++) {
        for (let i = 0; i < 4; i++) {
          for (let j = 0; j < 5; j++) {
            const expected = as[batch].reduce((sum, row, k) => sum + row[i] * bs[batch][k][j], 0);
            expect(values[batch][i][j]).toBeCloseTo(expected, 4);
          }
        }
      }
      tf.backend().disposeData(y.dataId);
    }
    tf.dispose(kept);
  });

  it('refuses a wrong number of tensors', () => {
    expect(() => runOnWasm(product, [], [[1]])).toThrow(
      'product: 0 inputs and 1 outputs given, expected 2 and 1',
    );
  });
});

describe('runRowsOnWasm', () => {
  it('gives what a call with all rows gives, whatever the pieces', () => {
    const graph = nativeGraph({
      name: 'softmax and product',
      nodes: [
        { op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] },
        { op: 'Softmax', inputs: ['x'], outputs: ['p'], attributes: { axis: { int: -1 } } },
      ],
      inputs: [
        { name: 'x', dims: ['n', 'd'] },
        { name: 'w', dims: ['d', 'e'] },
      ],
      outputs: [
        { name: 'y', dims: ['n', 'e'] },
        { name: 'p', dims: ['n', 'd'] },
      ],
    });
    const backend = tf.backend() as BackendWasm;
    const x = tf.randomNormal([37, 5], 0, 1, 'float32', 1);
    const w = tf.randomNormal([5, 3], 0, 1, 'float32', 2);
    const expected = [tf.matMul(x, w), tf.softmax(x)].map((all) => [...all.dataSync()]);
    for (const numbersACall of [1, 8, 64, 37 * 8, 1e6]) {
      const outputs = runRowsOnWasm(
        graph,
        [x, w],
        [
          [37, 3],
          [37, 5],
        ],
        backend,
        { whole: ['w'], numbersACall },
      );
      outputs.forEach((output, i) => {
        const values = backend.readSync(output.dataId) as Float32Array;
        values.forEach((value, j) => {
          expect(value).toBeCloseTo(expected[i][j], 5);
        });
        backend.disposeData(output.dataId);
      });
    }
  });
});
