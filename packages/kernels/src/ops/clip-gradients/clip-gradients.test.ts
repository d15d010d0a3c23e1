import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { candidates, useReference } from '../conformance/backends.js';
import { clipByGlobalNorm, globalNorm } from './clip-gradients.js';

const cpu = { name: 'cpu', use: useReference };
const values = async (tensor: tf.Tensor): Promise<number[]> => [...(await tensor.data())];

describe.each([cpu, ...(await candidates())])('clipByGlobalNorm on $name', ({ use }) => {
  beforeAll(use);

  it('scales a 5-12-13 vector over two tensors to the largest norm', async () => {
    const given = { a: tf.tensor2d([[3, 4]]), b: tf.tensor1d([12, 0, 0]) };
    const { gradients, norm } = clipByGlobalNorm(given, 1.3);
    expect((await norm.data())[0]).toBeCloseTo(13, 5);
    // clip_grad_norm_ divides by norm + 1e-6.
    const scale = 1.3 / (13 + 1e-6);
    (await values(gradients.a)).forEach((value, i) => void expect(value).toBeCloseTo([3, 4][i] * scale, 5));
    (await values(gradients.b)).forEach(
      (value, i) => void expect(value).toBeCloseTo([12, 0, 0][i] * scale, 5),
    );
    expect(gradients.a.shape).toEqual([1, 2]);
    expect(await values(given.b)).toEqual([12, 0, 0]);
  });

  it('leaves gradients within the norm, and zeros, as they are', async () => {
    expect(await values(clipByGlobalNorm({ a: tf.tensor1d([3, 4]) }, 10).gradients.a)).toEqual([3, 4]);
    expect(await values(clipByGlobalNorm({ a: tf.zeros([2]) }, 1).gradients.a)).toEqual([0, 0]);
  });

  it('is zero without gradients and reaches scalars', async () => {
    expect(await values(globalNorm({}))).toEqual([0]);
    expect(await values(globalNorm({ a: tf.scalar(-2) }))).toEqual([2]);
  });
});

describe('clipByGlobalNorm', () => {
  it.each([0, -1, Number.NaN])('refuses a largest norm of %s', (maxNorm) => {
    expect(() => clipByGlobalNorm({}, maxNorm)).toThrow(
      `clipByGlobalNorm: maxNorm must be above 0, got ${maxNorm}`,
    );
  });
});
