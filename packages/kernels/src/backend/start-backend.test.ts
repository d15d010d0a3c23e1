import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { selectBackend } from './select-backend.js';
import { startBackend } from './start-backend.js';

const fails = () => {
  throw new Error('no memory');
};

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  await tf.setBackend('cpu');
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('startBackend', () => {
  it.each([
    ['at once', fails],
    ['later', async () => fails()],
  ])('says so where a backend fails %s, and leaves the active one', async (_, factory) => {
    tf.registerBackend('broken', factory);
    expect(await startBackend('broken')).toBe(false);
    tf.removeBackend('broken');
    expect(tf.getBackend()).toBe('cpu');
    expect([...tf.add(tf.tensor1d([1]), 1).dataSync()]).toEqual([2]);
  });
});

describe('selectBackend', () => {
  it('does not take a wasm that does not start for one that runs', async () => {
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', fails);
    await expect(selectBackend({ backend: 'wasm' })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('backend wasm: it does not start'),
    });
    expect(tf.getBackend()).toBe('cpu');
  });
});
