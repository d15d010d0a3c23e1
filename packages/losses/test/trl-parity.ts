import { getBackend, grad, memory, setBackend, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyLoss } from '../src/index.js';
import { relativeError } from './relative-error.js';
import { inputOf, optionsOf, trl } from './trl-cases.js';
import { lossAlone } from './values.js';

const TOLERANCE = 1e-5;

/** Compares every case of TRL's with this package on one of tfjs's backends, which must be registered. */
export function describeTrlParity(backend: string): void {
  let previous: string;
  beforeAll(async () => {
    previous = getBackend();
    // tfjs goes on with another backend when one does not start.
    await setBackend(backend);
    expect(getBackend()).toBe(backend);
  });
  afterAll(async () => {
    await setBackend(previous);
  });

  describe.each(trl.cases)('$name', (trlCase) => {
    const loss = policyLoss(optionsOf(trlCase));

    test('value and metrics equal those of TRL', () => {
      const before = memory().numTensors;
      tidy(() => {
        const output = loss(inputOf(trlCase));
        expect(relativeError(output.loss.dataSync(), [trlCase.loss])).toBeLessThan(TOLERANCE);
        for (const [name, expected] of Object.entries(trlCase.metrics)) {
          expect(relativeError(output.metrics[name].dataSync(), [expected]), name).toBeLessThan(TOLERANCE);
        }
        for (const metric of Object.values(output.metrics)) metric.dispose();
      });
      expect(memory().numTensors).toBe(before);
    });

    test('gradient equals that of TRL', () => {
      const before = memory().numTensors;
      tidy(() => {
        const gradient = grad((x) => lossAlone(loss, inputOf(trlCase, x as Tensor2D)))(tensor2d(trl.logps));
        expect(relativeError(gradient.dataSync(), trlCase.grad.flat())).toBeLessThan(TOLERANCE);
      });
      expect(memory().numTensors).toBe(before);
    });
  });
}
