import { memory, type Tensor1D, tensor1d, tidy, valueAndGrad } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { relativeError } from '../test/relative-error.js';
import { nextTokenLoss } from './next-token-loss.js';

/** The loss and its gradient. */
const run = (logProbs: number[], mask: number[]) =>
  tidy(() => {
    const mask_N = tensor1d(mask);
    const { value, grad } = valueAndGrad((x) => nextTokenLoss({ logProbs_N: x as Tensor1D, mask_N }))(
      tensor1d(logProbs),
    );
    return { loss: value.dataSync()[0], gradient: [...grad.dataSync()] };
  });

describe('nextTokenLoss', () => {
  test('is the mean over the tokens outside C, and so is its gradient', () => {
    const { loss, gradient } = run([-1, -2, -4, -8], [1, 0, 1, 1]);
    expect(loss).toBeCloseTo(13 / 3, 6);
    expect(relativeError(gradient, [-1 / 3, 0, -1 / 3, -1 / 3])).toBeLessThan(1e-6);
  });

  test('is 0 with gradient 0 when every token was drawn for RL', () => {
    const { loss, gradient } = run([-1, -2], [0, 0]);
    expect(Math.abs(loss)).toBe(0);
    expect(gradient.every((value) => value === 0)).toBe(true);
  });

  test('does not look at what stands under a mask of 0', () => {
    for (const spoiled of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const { loss, gradient } = run([-1, spoiled], [1, 0]);
      expect(loss).toBe(1);
      expect(gradient.map((value) => value + 0)).toEqual([-1, 0]);
    }
  });

  test('leaves the loss behind, nothing else', () => {
    const input = { logProbs_N: tensor1d([-1, -2]), mask_N: tensor1d([1, 1]) };
    const before = memory().numTensors;
    const loss = nextTokenLoss(input);
    expect(memory().numTensors).toBe(before + 1);
    loss.dispose();
  });

  test('refuses a mask of another length', () => {
    tidy(() => {
      expect(() => nextTokenLoss({ logProbs_N: tensor1d([-1, -2]), mask_N: tensor1d([1]) })).toThrow(
        expect.objectContaining({ code: 'invalid_shape', message: expect.stringContaining('mask_N') }),
      );
    });
  });
});
