import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { dropout } from './dropout.js';

beforeAll(startBackend);

const WIDTH = 1000;
const dropped = (share: number, pass: string, module = 'q_proj') => {
  const x: tf.Tensor2D = tf.ones([200, WIDTH]);
  const values = dropout(x, share, { seed: 7, pass }, module).dataSync();
  return Array.from(values, (value) => Number(value === 0));
};

/** 99.9 % quantile of χ² with 9 degrees of freedom. */
const LIMIT = 27.88;

it.each([0.01, 0.3, 0.9])('drops a share of %s, each value by itself', (share) => {
  const all = dropped(share, 'step 0');
  // Zeros among 10 values in a row are binomial, and so are zeros of every column.
  const expectedOf = (zeros: number, trials: number) => {
    let ways = 1;
    for (let i = 0; i < zeros; i++) ways = (ways * (trials - i)) / (i + 1);
    return ways * share ** zeros * (1 - share) ** (trials - zeros);
  };
  const counts = new Array<number>(11).fill(0);
  for (let i = 0; i < all.length; i += 10) {
    const zeros = all.slice(i, i + 10).reduce((sum, zero) => sum + zero, 0);
    counts[zeros]++;
  }
  const blocks = all.length / 10;
  let chiSquare = 0;
  counts.forEach((count, zeros) => {
    const expected = blocks * expectedOf(zeros, 10);
    if (expected > 5) chiSquare += (count - expected) ** 2 / expected;
  });
  expect(chiSquare).toBeLessThan(LIMIT);
  const total = all.reduce((sum, zero) => sum + zero, 0);
  const deviation = Math.sqrt(all.length * share * (1 - share));
  expect(Math.abs(total - all.length * share)).toBeLessThan(4 * deviation);
});

it('scales up what it keeps, so that the mean stays', () => {
  const x = tf.tensor2d([[1, -2, 3, -4]]);
  const values = dropout(x, 0.5, { seed: 1, pass: 'a' }, 'm').dataSync();
  values.forEach((value, i) => {
    expect([0, 2 * [1, -2, 3, -4][i]]).toContain(value);
  });
});

it('draws otherwise in every pass and module, and the same for the same', () => {
  const agreement = (one: number[], other: number[]) =>
    one.filter((zero, i) => zero === other[i]).length / one.length;
  const first = dropped(0.5, 'step 0');
  expect(dropped(0.5, 'step 0')).toEqual(first);
  for (const other of [dropped(0.5, 'step 1'), dropped(0.5, 'step 0', 'k_proj')])
    expect(Math.abs(agreement(first, other) - 0.5)).toBeLessThan(0.01);
});
