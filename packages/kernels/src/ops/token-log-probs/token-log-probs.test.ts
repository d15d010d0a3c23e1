import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { candidates, useReference } from '../conformance/backends.js';
import { targetLogProbs } from './target-log-probs.js';
import { tokenLogProbs } from './token-log-probs.js';

const cpu = { name: 'cpu', use: useReference };
const int32 = (values: number[]): tf.Tensor1D => tf.tensor1d(values, 'int32');

describe.each([cpu, ...(await candidates())])('tokenLogProbs on $name', ({ use }) => {
  beforeAll(use);

  it('is −ln V with an entropy of ln V where all logits are equal', async () => {
    const { logProbs_N, entropies_N } = tokenLogProbs(tf.ones([3, 4]), tf.zeros([50, 4]), int32([0, 7, 49]));
    for (const value of await logProbs_N.data()) expect(value).toBeCloseTo(-Math.log(50), 5);
    for (const value of await entropies_N.data()) expect(value).toBeCloseTo(Math.log(50), 5);
  });

  it('equals the two-token closed form at a temperature', async () => {
    // Logits 3 and 0 at temperature 2: P = σ(1.5).
    const head = tf.tensor2d([[3], [0]]);
    const result = tokenLogProbs(tf.ones([2, 1]), head, int32([0, 1]), { temperature: 2 });
    const p = 1 / (1 + Math.exp(-1.5));
    const entropy = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    const [first, second] = await result.logProbs_N.data();
    expect(first).toBeCloseTo(Math.log(p), 5);
    expect(second).toBeCloseTo(Math.log(1 - p), 5);
    for (const value of await result.entropies_N.data()) expect(value).toBeCloseTo(entropy, 5);
    expect([...(await result.greedyIds_N.data())]).toEqual([0, 0]);
    expect(result.greedyIds_N.dtype).toBe('int32');
  });

  it('keeps entropies constant unless their gradient is asked for', async () => {
    const head = tf.tensor2d([[1], [0]]);
    const slope = (entropyGradient: boolean) =>
      tf.grad((hidden: tf.Tensor) =>
        tf.sum(tokenLogProbs(hidden as tf.Tensor2D, head, int32([0]), { entropyGradient }).entropies_N),
      )(tf.tensor2d([[0.7]]));
    expect([...(await slope(false).data())]).toEqual([0]);
    // H of logits (x, 0) falls by x·p·(1 − p).
    const p = 1 / (1 + Math.exp(-0.7));
    expect((await slope(true).data())[0]).toBeCloseTo(-0.7 * p * (1 - p), 5);
  });

  it.each([
    [[2, 3], [5, 4], [2], 'expected hidden [N, D] and weight [V, D], got [2,3] and [5,4]'],
    [[2, 3], [5, 3], [3], 'expected int32 targetIds [2], got int32 [3]'],
  ])('names what does not fit targetLogProbs: %j %j %j', (hidden, weight, ids, message) => {
    const call = () =>
      targetLogProbs(
        tf.zeros(hidden as [number, number]),
        tf.zeros(weight as [number, number]),
        tf.zeros(ids as [number], 'int32'),
      );
    expect(call).toThrowError(
      expect.objectContaining({ code: 'OPERATION_INPUT', message: `targetLogProbs: ${message}` }),
    );
  });

  it('is empty for no rows, with gradients of zero', async () => {
    const head = tf.ones<tf.Rank.R2>([5, 3]);
    const [dHidden, dHead] = tf.grads((hidden, weight) =>
      tf.sum(tokenLogProbs(hidden as tf.Tensor2D, weight as tf.Tensor2D, int32([])).logProbs_N),
    )([tf.zeros([0, 3]), head]);
    expect(dHidden.shape).toEqual([0, 3]);
    expect(await dHead.data()).toEqual(new Float32Array(15));
  });
});

describe('tokenLogProbs', () => {
  beforeAll(useReference);

  it.each([
    [[2, 3], [5, 4], [2], {}, 'expected hidden [N, D] and weight [V, D], got [2,3] and [5,4]'],
    [[2, 3], [5, 3], [3], {}, 'expected int32 targetIds [2], got int32 [3]'],
    [[2, 3], [5, 3], [2], { temperature: 0 }, 'temperature must be above 0, got 0'],
    [[2, 3], [5, 3], [2], { chunkTokens: 1.5 }, 'chunkTokens must be a positive integer, got 1.5'],
  ])('names what does not fit: %j %j %j %j', (hidden, weight, ids, options, message) => {
    const call = () =>
      tokenLogProbs(
        tf.zeros(hidden as [number, number]),
        tf.zeros(weight as [number, number]),
        tf.zeros(ids as [number], 'int32'),
        options,
      );
    expect(call).toThrowError(
      expect.objectContaining({ code: 'OPERATION_INPUT', message: `tokenLogProbs: ${message}` }),
    );
  });
});
