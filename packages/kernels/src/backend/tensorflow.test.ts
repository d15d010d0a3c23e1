import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeTensorflow, loadTensorflow } from './tensorflow.js';
import type { TensorflowSource } from './tensorflow-sources.js';

/** A backend that starts, and computes nothing. */
class Idle extends tf.KernelBackend {
  readonly binding = {};
  override dispose(): void {}
}

const broken = (): never => {
  throw new Error('no such library');
};

const source = (description: string, register: () => void, probe = async () => 'it runs') =>
  ({ description, version: `version of ${description}`, register, probe }) satisfies TensorflowSource;

const good = source('good', () => void tf.registerBackend('tensorflow', () => new Idle()));
const stuck = source('stuck', () => void tf.registerBackend('tensorflow', broken));
const missing = source('missing', broken, async () => broken());
const silent = source('silent', () => {});

const found = (...sources: TensorflowSource[]) => ({ sources, missing: [] });

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubEnv('TF_NUM_INTRAOP_THREADS', undefined);
  vi.stubEnv('NVIDIA_TF32_OVERRIDE', undefined);
  await tf.setBackend('cpu');
});

afterEach(() => {
  if (tf.findBackendFactory('tensorflow') !== null) tf.removeBackend('tensorflow');
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('loadTensorflow', () => {
  it('goes on to the next source where one does not load, or loads and does not start', async () => {
    const backend = await loadTensorflow(1, found(missing, stuck, silent, good));
    expect(backend).toMatchObject({ detail: 'good', version: 'version of good' });
    expect(tf.getBackend()).toBe('tensorflow');
  });

  it('says what was wrong with each, and leaves the active backend', async () => {
    await expect(loadTensorflow(1, found(missing, stuck, silent))).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(
        /missing does not load \(no such library\); stuck loads, but its backend does not start; silent loads, but registers no backend/,
      ),
    });
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.findBackendFactory('tensorflow')).toBe(null);
  });

  it('reports the threads that are in force, not those asked for later', async () => {
    expect(await loadTensorflow(3, found(missing, good))).toMatchObject({ threads: 3 });
    expect(await loadTensorflow(5, found(missing, good))).toMatchObject({ threads: 3, detail: 'good' });
    expect(process.env.TF_NUM_INTRAOP_THREADS).toBe('3');
  });

  it('leaves the threads to the environment where none are asked for', async () => {
    vi.stubEnv('TF_NUM_INTRAOP_THREADS', '7');
    expect(await loadTensorflow(undefined, found(good))).toMatchObject({ threads: 7 });
  });

  it("keeps products in float32 on NVIDIA's GPUs, unless the environment says otherwise", async () => {
    await loadTensorflow(1, found(good));
    expect(process.env.NVIDIA_TF32_OVERRIDE).toBe('0');
    tf.removeBackend('tensorflow');
    vi.stubEnv('NVIDIA_TF32_OVERRIDE', '1');
    await loadTensorflow(1, found(good));
    expect(process.env.NVIDIA_TF32_OVERRIDE).toBe('1');
  });
});

describe('describeTensorflow', () => {
  it('describes the first source that would run, and what is wrong with those before it', async () => {
    expect(await describeTensorflow(found(missing, good))).toEqual({
      version: 'version of good',
      ok: true,
      reason: 'good; it runs; missing: no such library',
    });
  });

  it('says what is wrong where none would run', async () => {
    expect(await describeTensorflow(found(missing))).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^missing: no such library; run `midtrain setup tensorflow`/),
    });
    expect(await describeTensorflow({ sources: [], missing: ['it is not there'] })).toMatchObject({
      version: undefined,
      ok: false,
      reason: expect.stringMatching(/^not installed \(it is not there\): run/),
    });
  });
});
