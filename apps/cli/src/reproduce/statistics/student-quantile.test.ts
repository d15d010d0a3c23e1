import { expect, test } from 'vitest';
import { studentQuantile } from './student-quantile.js';

test('is the quantile of printed tables', () => {
  // NIST/SEMATECH e-Handbook, table of Student's t, one-sided 0.975.
  const table = new Map([
    [1, 12.706],
    [2, 4.303],
    [4, 2.776],
    [9, 2.262],
    [10, 2.228],
    [15, 2.131],
    [30, 2.042],
    [100, 1.984],
  ]);
  for (const [freedom, quantile] of table) expect(studentQuantile(freedom)).toBeCloseTo(quantile, 3);
});
