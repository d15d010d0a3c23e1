import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { findPackage } from './installed-package.js';
import { selectBackend } from './select-backend.js';

/** A ramp of sines, the same on every backend. */
function sines(shape: number[], phase: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + phase)),
    shape,
  );
}

const loss = (x: tf.Tensor, w: tf.Tensor, v: tf.Tensor): tf.Tensor => {
  const hidden = tf.matMul(x, w);
  const gated = tf.mul(hidden, tf.sigmoid(hidden));
  const logProbs = tf.logSoftmax(tf.matMul(gated, v, false, true));
  return tf.neg(tf.mean(tf.slice(logProbs, [0, 3], [-1, 1])));
};

async function lossAndGradients(): Promise<Float32Array[]> {
  const inputs = [sines([40, 64], 1), sines([64, 96], 2), sines([50, 96], 3)];
  const { value, grads } = tf.valueAndGrads((x, w, v) => loss(x, w, v))(inputs);
  return Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
}

// Runs where the package and a Vulkan driver are; scripts/setup-webgpu-test.sh gets a software one.
describe.skipIf(findPackage('webgpu') === undefined)('the webgpu backend', () => {
  it('computes a loss and its gradients as wasm does', { timeout: 60_000 }, async () => {
    await selectBackend({ backend: 'wasm' });
    const expected = await lossAndGradients();
    const webgpu = await selectBackend({ backend: 'webgpu' });
    expect(webgpu).toMatchObject({ name: 'webgpu', native: { ok: false, reason: 'not used by webgpu' } });
    // Otherwise small tensors are computed on the CPU.
    tf.env().set('WEBGPU_CPU_FORWARD', false);
    const found = await lossAndGradients();
    await webgpu.close();
    found.forEach((values, i) => {
      const scale = expected[i].reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      const worst = values.reduce((max, value, j) => Math.max(max, Math.abs(value - expected[i][j])), 0);
      expect(worst).toBeLessThan(1e-4 * scale);
    });
  });
});
