import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activeWasmBackend } from '../native/index.js';
import { guardHeap } from './guard-heap.js';

const GIB = 2 ** 30;

describe('guardHeap', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    guardHeap(activeWasmBackend());
    guardHeap(activeWasmBackend());
  });

  it('names the limit when the heap is full, and leaves what is in it alone', () => {
    const backend = activeWasmBackend();
    const kept = tf.tensor1d([1, 2, 3]);
    const made: tf.TensorInfo[] = [];
    // Memory that is never written takes no room, so this needs addresses, not gigabytes.
    const fill = (): void => {
      for (let i = 0; i < 9; i++) made.push(backend.makeOutput([GIB / 8], 'float32'));
    };
    expect(fill).toThrow(
      expect.objectContaining({ code: 'OUT_OF_MEMORY', message: expect.stringMatching(/of at most 4 GiB/) }),
    );
    expect(made.length).toBeGreaterThan(4);
    for (const one of made) backend.disposeData(one.dataId);
    expect([...kept.dataSync()]).toEqual([1, 2, 3]);
    expect([...tf.add(kept, 1).dataSync()]).toEqual([2, 3, 4]);
  });

  it('refuses a single tensor beyond the limit', () => {
    expect(() => activeWasmBackend().makeOutput([GIB + 1], 'float32')).toThrow(
      'no room for a tensor of 4.00 GiB',
    );
  });
});
