import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { outsideTape } from './outside-tape.js';
import { prepareTfjs } from './prepare-tfjs.js';
import { releasingGradients } from './releasing-gradients.js';

beforeAll(async () => {
  await prepareTfjs();
  await tf.setBackend('cpu');
});

/** An operation that hands on the gradient that it is given, unchanged. */
const plus = tf.customGrad((...received) => {
  const [a, b] = received as tf.Tensor[];
  return {
    value: tf.add(a, b),
    gradFunc: (gradient) => [gradient as tf.Tensor, tf.clone(gradient as tf.Tensor)],
  };
});

const matrix = (rows: number, columns: number, seed: number): tf.Tensor2D =>
  tf.randomUniform<tf.Rank.R2>([rows, columns], -1, 1, 'float32', seed);

/** What is read twice, split, handed on, left out, and what does not depend on the last of the inputs. */
function tangle(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  const [left, right] = tf.split(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), 2, 1);
  const twice = tf.mul(tf.tanh(left), left);
  const sum = plus(twice, plus(right, right));
  tf.square(sum);
  return tf.sum(plus(sum, tf.exp(tf.slice(sum, [0, 0])))) as tf.Scalar;
}

const numbers = (x: tf.Tensor): number[] => [...x.dataSync()];

describe('releasingGradients', () => {
  it('are those of tfjs, and leave nothing behind', () => {
    const inputs = [matrix(4, 4, 1), matrix(4, 4, 2)];
    const unused = tf.scalar(1);
    const expected = tf.grads(tangle)(inputs);
    const before = tf.memory().numTensors;
    const { value, gradients } = releasingGradients(() => tangle(inputs[0], inputs[1]), [...inputs, unused]);
    expect(numbers(value)).toEqual(numbers(tangle(inputs[0], inputs[1])));
    expect(gradients.slice(0, 2).map((x) => numbers(x as tf.Tensor))).toEqual(expected.map(numbers));
    expect(gradients[2]).toBeUndefined();
    tf.dispose([value, gradients as tf.Tensor[]]);
    tf.tidy(() => tangle(inputs[0], inputs[1]));
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(13);
  });

  it('go along a direction, which stays', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const direction = tf.tensor1d([1, 0, -1]);
    const { gradients } = releasingGradients(() => tf.square(x), [x], direction);
    expect(numbers(gradients[0] as tf.Tensor)).toEqual([2, 0, -6]);
    expect(numbers(direction)).toEqual([1, 0, -1]);
  });

  it('hold fewer bytes at the peak than tfjs’s', async () => {
    const weights = Array.from({ length: 12 }, (_, i) => matrix(8, 8, i));
    const rows = matrix(512, 8, 99);
    const layer = (x: tf.Tensor2D, w: tf.Tensor2D) => tf.tidy(() => tf.tanh(tf.matMul(x, w) as tf.Tensor2D));
    const chain = () => tf.sum(weights.reduce(layer, rows)) as tf.Scalar;
    const peak = async (take: () => tf.Tensor[]) => {
      const weightBytes = tf.memory().numBytes;
      const { peakBytes } = await tf.profile(() => take());
      return peakBytes - weightBytes;
    };
    const ours = await peak(() => {
      const { value, gradients } = releasingGradients(chain, weights);
      return [value, ...(gradients as tf.Tensor[])];
    });
    const theirs = await peak(() => tf.grads(chain)(weights));
    expect(ours).toBeLessThan(0.75 * theirs);
  });

  it('are right inside of others’ gradients, where nothing may be released', () => {
    const x = tf.tensor1d([1, 2]);
    const slope = (at: tf.Tensor) =>
      releasingGradients(() => tf.mul(tf.square(at), at), [at]).gradients[0] as tf.Tensor;
    expect(numbers(tf.grad((at) => tf.sum(slope(at)))(x))).toEqual([6, 12]);
  });
});

describe('outsideTape', () => {
  it('lets gradients be taken in the middle of others’, which do not see them', () => {
    const x = tf.tensor1d([3, -1]);
    const { gradients } = releasingGradients(() => {
      const y = tf.square(x);
      const constant = outsideTape(() => releasingGradients(() => tf.square(y), [y]).gradients[0]);
      return tf.sum(tf.mul(y, constant as tf.Tensor)) as tf.Scalar;
    }, [x]);
    // d/dx Σ x²·c with c = 2x² held constant.
    expect(numbers(gradients[0] as tf.Tensor)).toEqual([3, -1].map((at) => 2 * at * 2 * at ** 2));
  });
});
