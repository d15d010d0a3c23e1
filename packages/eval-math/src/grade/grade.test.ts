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

  it('reads what stands behind the thoughts, and nothing of an open one', () => {
    expect(grade('2', '<think>\\boxed{1}</think> It is \\boxed{2}.').correct).toBe(true);
    expect(grade('2', '\\boxed{1}</think> It is \\boxed{2}.').correct).toBe(true);
    for (const text of ['<think>\\boxed{2}', '<think>2</think>', '\\boxed{2}<think>'])
      expect(grade('2', text)).toMatchObject({ correct: false, prediction: null, rule: 'nothing-extracted' });
    expect(grade('2', 'so 2', { startsInThought: true })).toMatchObject({ correct: false, prediction: null });
    expect(grade('2', 'so 3</think>2', { startsInThought: true }).correct).toBe(true);
    expect(grade('B', '</think>B) 2', { startsInThought: true, extract: ['string'] }).correct).toBe(true);
  });

  it.each([
    ['\\frac{1}{2}', '$\\boxed{0.51}$'],
    ['5 cm', '5 m'],
    ['(1, 2]', '[1, 2)'],
  ])('refuses for %s the answer %s', (gold, prediction) => {
    expect(grade(gold, prediction).correct).toBe(false);
  });
});
