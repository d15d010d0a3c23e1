import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearScale } from './scale.js';

test('keeps every value between its ends, in proportion, between even ticks', () => {
  const value = fc.integer({ min: -1e6, max: 1e6 }).map((thousandths) => thousandths / 1000);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
      const scale = linearScale(values, [10, 110]);
      for (const one of values) {
        expect(scale(one)).toBeGreaterThanOrEqual(10 - 1e-6);
        expect(scale(one)).toBeLessThanOrEqual(110 + 1e-6);
      }
      const gaps = scale.ticks.slice(1).map((tick, i) => scale(tick) - scale(scale.ticks[i]));
      for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0], 5);
      expect(scale.ticks.length).toBeLessThanOrEqual(9);
    }),
  );
});
