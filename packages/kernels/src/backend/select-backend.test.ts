import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { configureNative } from '../native/index.js';
import { findSetups } from '../setup/setup-folder.js';
import { BackendUnavailableError, describeBackends, selectBackend } from './index.js';
import { findPackage } from './installed-package.js';

const tensorflowInstalled =
  findSetups().length > 0 || ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'].some(findPackage);
const webgpuInstalled = findPackage('webgpu') !== undefined;

describe('selectBackend', () => {
  afterEach(() => {
    configureNative({ enabled: true });
    vi.restoreAllMocks();
  });

  it('sets up wasm with the native engine and lets tfjs differentiate', async () => {
    const selected = await selectBackend({ backend: 'wasm', threads: 1 });
    expect(selected).toMatchObject({
      name: 'wasm',
      version: '4.22.0',
      threads: 1,
      native: { ok: true, version: '1.30.0' },
    });
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.getKernel('UnsortedSegmentSum', 'wasm')).toBeDefined();
    expect([
      ...tf
        .grad((x) => tf.sum(tf.exp(x)))(tf.tensor1d([0]))
        .dataSync(),
    ]).toEqual([1]);
    await selected.close();
  });

  it.skipIf(tensorflowInstalled)('says why auto is not tensorflow', async () => {
    const { name, reason } = await selectBackend();
    expect(name).toBe('wasm');
    expect(reason).toMatch(/onnxruntime-node 1\.30\.0; .*@tensorflow\/tfjs-node is not installed/);
  });

  it.skipIf(tensorflowInstalled)('does not replace a backend that was asked for', async () => {
    const asked = selectBackend({ backend: 'tensorflow' });
    await expect(asked).rejects.toThrow(BackendUnavailableError);
    await expect(asked).rejects.toThrow('run `midtrain setup tensorflow`');
  });

  it.skipIf(webgpuInstalled)('says what webgpu needs', async () => {
    const asked = selectBackend({ backend: 'webgpu' });
    await expect(asked).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    await expect(asked).rejects.toThrow('install the npm package webgpu 0.6');
  });

  it('warns when wasm has to do without the native engine', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    configureNative({ enabled: false });
    const selected = await selectBackend({ backend: 'wasm' });
    expect(selected.native).toEqual({ ok: false, reason: 'switched off by the caller', version: undefined });
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining('several times slower'),
      expect.objectContaining({ code: 'MIDTRAIN_NATIVE_UNAVAILABLE' }),
    );
    expect([...tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()]).toEqual([11]);
  });

  it('names what is wrong with its options', async () => {
    await expect(selectBackend({ threads: 0.5 })).rejects.toThrow('threads: 0.5 must be a whole number');
    const backend = 'cuda' as 'wasm';
    await expect(selectBackend({ backend })).rejects.toThrow("'cuda' must be auto, tensorflow, webgpu, wasm");
  });
});

describe('describeBackends', () => {
  it('describes all, with what is missing', async () => {
    const all = await describeBackends();
    expect(all.map(({ name }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm']);
    expect(all[2]).toMatchObject({ version: '4.22.0', ok: true });
    for (const { ok, reason } of all) if (!ok) expect(reason).toMatch(/install|set up|setup/);
  });
});
