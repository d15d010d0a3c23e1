import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { policyLoss } from '../src/index.js';
import { everyType } from './every-type.js';
import { lossValue, metricValues } from './values.js';

/** A step may drop all of its groups: on tfjs's present backend, no branches and no tokens are loss 0, not NaN. */
export function testEmptyBatch(): void {
  test.each(everyType)('a batch of nothing has loss 0 and finite metrics: %j', (options) => {
    const loss = policyLoss({ ...options, beta: 0.1 });
    for (const shape of [[0, 4] as const, [3, 0] as const]) {
      tidy(() => {
        const empty = tensor2d([], [...shape]);
        const input = {
          logProbs_B_T: empty,
          oldLogProbs_B_T: empty,
          refLogProbs_B_T: empty,
          advantages_B: tensor1d(Array(shape[0]).fill(1), 'float32'),
          mask_B_T: empty,
        };
        expect(lossValue(loss, input)).toBeCloseTo(0, 12);
        expect(Object.values(metricValues(loss, input)).every(Number.isFinite)).toBe(true);
      });
    }
  });
}
