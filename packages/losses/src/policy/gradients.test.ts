import { memory, type Scalar, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { finiteDifferences } from '../../test/finite-differences.js';
import { relativeError } from '../../test/relative-error.js';
import { gradientAt, lossAlone } from '../../test/values.js';
import type { PolicyLossInput } from '../policy-loss.js';
import { policyLoss } from './from-options.js';
import type { PolicyLossOptions } from './options.js';

// Ratios e^±0.1, e^±0.4, e^±0.6: on both sides of the clip at 0.8 and 1.2, never near enough to a kink to cross it.
const logProbs = [
  [-1.0, -0.7, -2.0],
  [-0.4, -1.5, -0.9],
  [-0.6, -1.1, -0.3],
];
const oldLogProbs = [
  [-1.1, -1.3, -1.6],
  [-0.8, -1.4, -0.3],
  [-0.7, -0.7, -9],
];
const refLogProbs = [
  [-0.8, -1.0, -1.8],
  [-0.5, -1.1, -1.2],
  [-1.1, -0.9, -9],
];
const mask = [
  [1, 1, 1],
  [1, 1, 1],
  [1, 1, 0],
];
const advantages = [1, -0.5, 0.7];

const input = (logProbs_B_T: Tensor2D): PolicyLossInput => ({
  logProbs_B_T,
  oldLogProbs_B_T: tensor2d(oldLogProbs),
  refLogProbs_B_T: tensor2d(refLogProbs),
  advantages_B: tensor1d(advantages),
  mask_B_T: tensor2d(mask),
});
const lossFunction = (options: PolicyLossOptions) => {
  const loss = policyLoss(options);
  return (logProbs_B_T: Tensor2D): Scalar => lossAlone(loss, input(logProbs_B_T));
};

/** All losses that are ordinary functions of the log-probabilities; cispo and vespo hold a factor still. */
const differentiable: PolicyLossOptions[] = (
  [
    { type: 'grpo' },
    { type: 'grpo', delta: 1.3 },
    { type: 'grpo', importanceSamplingLevel: 'sequence', epsilonLow: 0.01 },
    { type: 'bnpo' },
    { type: 'dr_grpo', maxCompletionLength: 5 },
    { type: 'dapo', epsilonHigh: 0.28 },
    { type: 'sapo' },
    { type: 'sapo', importanceSamplingLevel: 'sequence' },
    { type: 'luspo' },
  ] satisfies PolicyLossOptions[]
).flatMap((options: PolicyLossOptions) => [
  options,
  { ...options, beta: 0.3, klBiasCorrection: false },
  { ...options, beta: 0.3, klBiasCorrection: true },
]);

describe('gradients equal finite differences', () => {
  test.each(differentiable)('%j', (options) => {
    const before = memory().numTensors;
    const f = lossFunction(options);
    expect(relativeError(gradientAt(f, logProbs), finiteDifferences(f, logProbs))).toBeLessThan(1e-3);
    expect(memory().numTensors).toBe(before);
  });
});

describe('gradients with a factor held still', () => {
  const tokens = mask.flat().reduce((a, b) => a + b);

  test('cispo: −min(ρ, ε_high)·A / N', () => {
    const expected = logProbs.flatMap((row, b) =>
      row.map((logProb, t) => {
        const weight = Math.min(Math.exp(logProb - oldLogProbs[b][t]), 1.2);
        return mask[b][t] === 0 ? 0 : (-weight * advantages[b]) / tokens;
      }),
    );
    const actual = gradientAt(lossFunction({ type: 'cispo', epsilonHigh: 1.2 }), logProbs);
    expect(relativeError(actual, expected)).toBeLessThan(1e-6);
  });

  test('vespo: −w^k·e^(λ(1 − w))·A / N with the branch ratio w', () => {
    const expected = logProbs.flatMap((row, b) => {
      const logW = row.reduce((sum, logProb, t) => sum + mask[b][t] * (logProb - oldLogProbs[b][t]), 0);
      const [k, lambda] = advantages[b] >= 0 ? [2, 3] : [3, 2];
      const phi = Math.exp(k * logW + lambda * (1 - Math.exp(logW)));
      return mask[b].map((kept) => (-kept * phi * advantages[b]) / tokens);
    });
    expect(relativeError(gradientAt(lossFunction({ type: 'vespo' }), logProbs), expected)).toBeLessThan(1e-5);
  });
});
