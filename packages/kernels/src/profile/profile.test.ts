import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { chromeTrace, kernelTotals } from './chrome-trace.js';
import { profileKernels } from './profile-kernels.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

describe('profileKernels', () => {
  it('sees every kernel that runs until it is stopped, and puts them back', () => {
    const before = tf.getKernel('BatchMatMul', 'wasm').kernelFunc;
    const profile = profileKernels();
    const started = performance.now();
    tf.tidy(() => tf.relu(tf.matMul(tf.ones([2, 3]), tf.ones([3, 4]))).dataSync());
    profile.stop();
    tf.tidy(() => tf.relu(tf.ones([2])).dataSync());
    const ran = profile.events.filter(({ name }) => name !== 'Fill');
    expect(ran.map(({ name }) => name)).toEqual(['BatchMatMul', 'Relu']);
    expect(ran[0].inputs).toContain('[2,3]');
    for (const { start, milliseconds } of ran) {
      expect(start).toBeGreaterThanOrEqual(started);
      expect(milliseconds).toBeGreaterThanOrEqual(0);
    }
    expect(tf.getKernel('BatchMatMul', 'wasm').kernelFunc).toBe(before);
  });
});

describe('kernelTotals', () => {
  it('counts a kernel without those that it calls', () => {
    const at = (name: string, start: number, milliseconds: number) => ({
      name,
      start,
      milliseconds,
      inputs: '',
    });
    const totals = kernelTotals([at('a', 1, 2), at('a', 4, 1), at('b', 0, 10), at('a', 11, 5)]);
    expect(totals).toEqual([
      { name: 'a', calls: 3, milliseconds: 8 },
      { name: 'b', calls: 1, milliseconds: 7 },
    ]);
  });
});

describe('chromeTrace', () => {
  it('is in microseconds, spans first', () => {
    const { traceEvents } = chromeTrace(
      [{ name: 'MatMul', start: 1.5, milliseconds: 2, inputs: 'a [1]' }],
      [{ name: 'step', start: 1, milliseconds: 4 }],
    );
    expect(traceEvents).toMatchObject([
      { name: 'step', ph: 'X', ts: 1000, dur: 4000 },
      { name: 'MatMul', ph: 'X', ts: 1500, dur: 2000, args: { inputs: 'a [1]' } },
    ]);
  });
});
