import { describe, expect, it } from 'vitest';
import { grade } from './grade.js';

describe('grade', () => {
  it.each([
    ['\\frac{1}{2}', 'So it is $\\boxed{0.5}$.'],
    ['x = 5', '5'],
    ['5\\text{ m}', '500 cm'],
    ['(1, 2]', '\\left(1,2\\right]'],
  ])('accepts %s for %s', (gold, prediction) => {
    expect(grade(gold, prediction).correct).toBe(true);
  });

  it.each([
    ['\\frac{1}{2}', '$\\boxed{0.51}$'],
    ['5 cm', '5 m'],
    ['(1, 2]', '[1, 2)'],
  ])('refuses for %s the answer %s', (gold, prediction) => {
    expect(grade(gold, prediction).correct).toBe(false);
  });
});
