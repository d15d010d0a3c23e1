import { grad, memory, mul, sum, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { stopGradient } from './stop-gradient.js';

test('stopGradient keeps the values and lets no gradient through', () => {
  const before = memory().numTensors;
  tidy(() => {
    const x = tensor1d([2, 3]);
    expect([...stopGradient(x).dataSync()]).toEqual([2, 3]);
    // d/dx of x·sg(x) is sg(x), not 2x.
    expect([...grad((y) => sum(mul(y, stopGradient(y))))(x).dataSync()]).toEqual([2, 3]);
  });
  expect(memory().numTensors).toBe(before);
});
