import { memory, sum, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { relativeError } from '../../test/relative-error.js';
import { gradientAt, take } from '../../test/values.js';
import { k3Kl } from './kl.js';

describe('k3Kl', () => {
  const kl = (logProbs: number[][], reference: number[][]) =>
    take(tidy(() => k3Kl(tensor2d(logProbs), tensor2d(reference))));

  test('is e^d − d − 1', () => {
    const differences = [-2, -0.5, 0, 0.5, 2];
    const actual = kl([differences.map(() => -1)], [differences.map((d) => d - 1)]);
    expect(
      relativeError(
        actual,
        differences.map((d) => Math.exp(d) - d - 1),
      ),
    ).toBeLessThan(1e-6);
  });

  test('averages to the KL divergence over the tokens of the policy', () => {
    const policy = [0.5, 0.3, 0.2];
    const reference = [0.2, 0.3, 0.5];
    const estimates = kl([policy.map(Math.log)], [reference.map(Math.log)]);
    const expected = policy.reduce((sum, p, i) => sum + p * Math.log(p / reference[i]), 0);
    expect(estimates.reduce((sum, value, i) => sum + policy[i] * value, 0)).toBeCloseTo(expected, 6);
  });

  test('has the gradient 1 − e^d', () => {
    const before = memory().numTensors;
    const actual = gradientAt((logProbs) => sum(k3Kl(logProbs, tensor2d([[-1.5, -0.5]]))), [[-1, -1]]);
    expect(relativeError(actual, [1 - Math.exp(-0.5), 1 - Math.exp(0.5)])).toBeLessThan(1e-6);
    expect(memory().numTensors).toBe(before);
  });
});
