import { grad, memory, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { policyLoss } from '../src/index.js';
import { relativeError } from './relative-error.js';
import { inputOf, optionsOf, trl } from './trl-cases.js';

const TOLERANCE = 1e-5;

describe.each(trl.cases)('$name', (trlCase) => {
  const lossOf = policyLoss(optionsOf(trlCase));

  test('value and metrics equal those of TRL', () => {
    tidy(() => {
      const { loss, metrics } = lossOf(inputOf(trlCase));
      expect(relativeError(loss.dataSync(), [trlCase.loss])).toBeLessThan(TOLERANCE);
      for (const [name, expected] of Object.entries(trlCase.metrics)) {
        expect(relativeError(metrics[name].dataSync(), [expected]), name).toBeLessThan(TOLERANCE);
      }
      for (const metric of Object.values(metrics)) metric.dispose();
    });
  });

  test('gradient equals that of TRL', () => {
    const before = memory().numTensors;
    const gradient = tidy(() =>
      grad((logProbs) => {
        const { loss, metrics } = lossOf(inputOf(trlCase, logProbs as Tensor2D));
        for (const metric of Object.values(metrics)) metric.dispose();
        return loss;
      })(tensor2d(trl.logps)),
    );
    expect(relativeError(gradient.dataSync(), trlCase.grad.flat())).toBeLessThan(TOLERANCE);
    gradient.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
