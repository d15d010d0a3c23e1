import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { candidates, useReference } from '../conformance/backends.js';
import { normals } from '../conformance/random.js';
import { adamWFunction } from './adam-w-function.js';

/** Enough for several threads, and not a whole number of vectors. */
const SIZE = 100_003;
const FACTOR = 0.3;
const RATE = 1e-2;

const cpu = { name: 'cpu', use: useReference };

describe.each([cpu, ...(await candidates())])('adamWFunction on $name', ({ use }) => {
  beforeAll(use);

  it('takes the second step of AdamW, with the gradient scaled and decay where it is asked for', async () => {
    const [start, gradient, first, root] = [1, 2, 3, 4].map((seed) => normals(SIZE, seed));
    const second = root.map((x) => x * x);
    const optimiser = adamWFunction({ decays: (name) => name === 'matrix' });
    for (const [name, decay] of [
      ['matrix', 0.1],
      ['norm', 0],
    ] as const) {
      const updated = optimiser.update(name, {
        parameter: tf.tensor1d(start),
        gradient: tf.tensor1d(gradient),
        firstMoment: tf.tensor1d(first),
        secondMoment: tf.tensor1d(second),
        scalars: optimiser.scalars(2, RATE),
        factor: tf.scalar(FACTOR),
      });
      const [parameter, newFirst, newSecond] = await Promise.all(updated.map((tensor) => tensor.data()));
      let worst = 0;
      for (let i = 0; i < SIZE; i++) {
        const g = gradient[i] * FACTOR;
        const m = 0.9 * first[i] + 0.1 * g;
        const v = 0.95 * second[i] + 0.05 * g * g;
        const step = (RATE * m) / (1 - 0.9 ** 2) / (Math.sqrt(v / (1 - 0.95 ** 2)) + 1e-8);
        const wanted = [start[i] * (1 - RATE * decay) - step, m, v];
        [parameter[i], newFirst[i], newSecond[i]].forEach((value, j) => {
          worst = Math.max(worst, Math.abs(value - wanted[j]) / (1 + Math.abs(wanted[j])));
        });
      }
      expect(worst).toBeLessThan(1e-6);
    }
  });
});
