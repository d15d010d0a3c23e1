import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareTfjs } from './prepare-tfjs.js';

describe('prepareTfjs', () => {
  beforeAll(async () => {
    await prepareTfjs();
    await prepareTfjs();
    await tf.setBackend('cpu');
  });

  it('lets tfjs differentiate', () => {
    const slope = tf.grad((x) => tf.sum(tf.square(x)));
    expect([...slope(tf.tensor1d([1, -2, 3])).dataSync()]).toEqual([2, -4, 6]);
  });

  it('adds the chained methods to the tensors of this tfjs-core', () => {
    expect([...tf.tensor1d([1, 2]).add(3).mul(2).dataSync()]).toEqual([8, 10]);
  });

  it('keeps one engine: a tidy here disposes what is made here', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      tf.tensor1d([1, 2]).add(3).neg();
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
