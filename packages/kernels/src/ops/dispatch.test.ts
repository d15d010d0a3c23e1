import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { useReference } from './conformance/backends.js';
import { hasKernel } from './dispatch.js';
import { SWI_GLU, SWI_GLU_GRADIENT, swiGlu } from './swi-glu/swi-glu.js';

const gate = () => tf.tensor2d([[1, -2]]);

beforeAll(useReference);
afterEach(() => {
  for (const name of [SWI_GLU, SWI_GLU_GRADIENT]) {
    if (hasKernel(name)) tf.unregisterKernel(name, 'cpu');
  }
});

it('runs a kernel that anyone registered under the operation’s name, forward and backward', async () => {
  const constant = (value: number, shape: number[]) =>
    tf.engine().runKernel('Fill', {}, { shape, value, dtype: 'float32' });
  for (const [kernelName, outputs] of [
    [SWI_GLU, [7]],
    [SWI_GLU_GRADIENT, [8, 9]],
  ] as const) {
    tf.registerKernel({
      kernelName,
      backendName: 'cpu',
      kernelFunc: () => outputs.map((value) => constant(value, [1, 2]) as tf.Tensor),
    });
  }
  const up = tf.ones<tf.Rank.R2>([1, 2]);
  expect([...(await swiGlu(gate(), up).data())]).toEqual([7, 7]);
  const [dGate, dUp] = tf.grads((a, b) => swiGlu(a as tf.Tensor2D, b as tf.Tensor2D))([gate(), up]);
  expect([...(await dGate.data()), ...(await dUp.data())]).toEqual([8, 8, 9, 9]);
});

it('runs the reference where no kernel is registered', async () => {
  const silu = (x: number) => x / (1 + Math.exp(-x));
  const [first, second] = await swiGlu(gate(), tf.tensor2d([[3, 5]])).data();
  expect(first).toBeCloseTo(silu(1) * 3, 5);
  expect(second).toBeCloseTo(silu(-2) * 5, 5);
});
