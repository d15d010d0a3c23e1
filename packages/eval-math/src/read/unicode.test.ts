import { describe, expect, it } from 'vitest';
import { unicodeToLatex } from './unicode.js';

describe('unicodeToLatex', () => {
  it.each([
    ['−3', '-3'],
    ['x²⁺¹', 'x^{2+1}'],
    ['a₁₂', 'a_{12}'],
    ['3½', '3 \\frac{1}{2}'],
    ['２＋２', '2+2'],
    ['√2', '\\sqrt 2'],
    ['(−∞, 5]', '(-\\infty , 5]'],
    ['A ∪ ∅', 'A \\cup  \\emptyset '],
    ['5\u00a0cm', '5 cm'],
    ['plain \\alpha', 'plain \\alpha'],
    ['日本', '日本'],
  ])('writes %s as %s', (text, latex) => {
    expect(unicodeToLatex(text)).toBe(latex);
  });
});
