import { grads, memory, type Scalar, scalar, tidy } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { dualObjective } from './dual-objective.js';

describe('dualObjective', () => {
  test("is L_RL + λ·L_NTP with the paper's λ = 0.1", () => {
    tidy(() => {
      expect(dualObjective()(scalar(2), scalar(5)).dataSync()[0]).toBeCloseTo(2.5, 6);
      expect(dualObjective({ lambda: 2 })(scalar(2), scalar(5)).dataSync()[0]).toBeCloseTo(12, 6);
      expect(dualObjective({ lambda: 0 })(scalar(2), scalar(5)).dataSync()[0]).toBe(2);
    });
  });

  test('sends 1 and λ back', () => {
    const before = memory().numTensors;
    tidy(() => {
      const slopes = grads((rl, ntp) => dualObjective({ lambda: 0.25 })(rl as Scalar, ntp as Scalar))([
        scalar(2),
        scalar(5),
      ]);
      expect(slopes.map((slope) => slope.dataSync()[0])).toEqual([1, 0.25]);
    });
    expect(memory().numTensors).toBe(before);
  });

  test.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])('refuses λ = %d', (lambda) => {
    expect(() => dualObjective({ lambda })).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('lambda') }),
    );
  });
});
