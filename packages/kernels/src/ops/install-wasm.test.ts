import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeStatus } from '../native/index.js';
import { ADAM_W, adamW } from './adam-w/adam-w.js';
import { useReference } from './conformance/backends.js';
import { hasKernel } from './dispatch.js';
import { EMBEDDING_LOOKUP, embeddingLookup } from './embedding-lookup/embedding-lookup.js';
import { installWasmOps } from './install-wasm.js';
import { RMS_NORM, rmsNorm } from './rms-norm/rms-norm.js';
import { TOKEN_LOG_PROBS, tokenLogProbs } from './token-log-probs/token-log-probs.js';

const native = nativeStatus().ok;

beforeAll(async () => {
  await useReference();
  await tf.setBackend('wasm');
});

describe('installWasmOps', () => {
  it('registers the plain kernels without the native engine, and takes the native ones out again', () => {
    installWasmOps({ native: true });
    expect([RMS_NORM, TOKEN_LOG_PROBS, ADAM_W, EMBEDDING_LOOKUP].map(hasKernel)).toEqual(Array(4).fill(true));
    const left = installWasmOps({ native: false });
    expect(left).toContain(EMBEDDING_LOOKUP);
    expect(left).not.toContain(RMS_NORM);
    expect([RMS_NORM, TOKEN_LOG_PROBS, ADAM_W, EMBEDDING_LOOKUP].map(hasKernel)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('leaves other backends to their references', async () => {
    installWasmOps({ native: true });
    await useReference();
    expect(hasKernel(RMS_NORM)).toBe(false);
    await tf.setBackend('wasm');
  });
});

describe.each(native ? [false, true] : [false])('wasm kernels, native engine: %s', (wanted) => {
  beforeAll(() => void installWasmOps({ native: wanted }));
  afterAll(() => void installWasmOps({ native: false }));

  it('update a variable where it lies', () => {
    const parameters = { a: tf.tidy(() => tf.variable(tf.zeros([5]))) };
    const optimiser = adamW();
    const state = optimiser.init(parameters);
    const before = parameters.a.dataId;
    optimiser.update(parameters, { a: tf.ones([5]) }, state, 0.1);
    expect(parameters.a.dataId).toBe(before);
    expect(parameters.a.dataSync()[0]).toBeCloseTo(-0.1, 6);
  });

  it('name a token id that the table does not have', () => {
    const ids = tf.tensor1d([0, 4, -1], 'int32');
    expect(() => embeddingLookup(tf.zeros([4, 2]), ids)).toThrowError(
      expect.objectContaining({
        code: 'OPERATION_INPUT',
        message: 'embeddingLookup: tokenIds[1] is 4, expected 0..3',
      }),
    );
  });

  it('keep no memory behind a forward and backward pass', () => {
    const x = tf.ones<tf.Rank.R2>([70, 8]);
    const weight = tf.ones<tf.Rank.R1>([8]);
    const head = tf.ones<tf.Rank.R2>([9, 8]);
    const ids = tf.zeros<tf.Rank.R1>([70], 'int32');
    const pass = () => {
      const loss = (a: tf.Tensor, b: tf.Tensor) => {
        const table = embeddingLookup(b as tf.Tensor2D, ids);
        const hidden = tf.add(rmsNorm(a as tf.Tensor2D, weight, 1e-5), table) as tf.Tensor2D;
        return tf.sum(tokenLogProbs(hidden, b as tf.Tensor2D, ids, { chunkTokens: 32 }).logProbs_N);
      };
      tf.dispose(tf.grads(loss)([x, head]));
    };
    pass();
    const { numTensors, numDataBuffers } = tf.memory();
    pass();
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  });
});
