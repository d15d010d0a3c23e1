import { describe, expect, it } from 'vitest';
import { choiceLetter, leadingChoice, plainWords } from './text.js';

describe('choiceLetter', () => {
  it.each([
    ['C', 'C'],
    ['(c)', 'C'],
    ['\\text{(C)}', 'C'],
    ['\\textbf{C}.', 'C'],
    ['option C', 'C'],
    ['CD', null],
    ['C + 1', null],
    ['', null],
  ])('of %j is %j', (text, letter) => {
    expect(choiceLetter(text)).toBe(letter);
  });
});

it('parts a leading letter from the answer behind it', () => {
  expect(leadingChoice('\\textbf{(B)}\\ 12')).toEqual({ letter: 'B', rest: '12' });
  expect(leadingChoice('C) x + 1')).toEqual({ letter: 'C', rest: 'x + 1' });
  expect(leadingChoice('B')).toBeNull();
  expect(leadingChoice('A(1, 2)')).toBeNull();
});

it('compares words without styling, articles and case', () => {
  expect(plainWords('\\text{The Midpoints}')).toBe('midpoints');
  expect(plainWords('a  \\textbf{parabola}.')).toBe('parabola');
});
