import { describe, expect, it } from 'vitest';
import { lastBox } from './boxes.js';

describe('lastBox', () => {
  it.each([
    ['\\boxed{1} or \\boxed{2}', '1, 2'],
    ['\\boxed{1} wait, \\boxed{2}', '2'],
    ['\\boxed{1} = \\boxed{2}', '2'],
    ['\\boxed{2}, that is \\boxed{2}', '2'],
    ['$x_1 = \\boxed{1}$ and $x_2 = \\boxed{2}$', '1, 2'],
    ['\\boxed{1} papers and \\boxed{2} bins', '1, 2'],
    ['\\boxed{5}\\text{ cm}', '5\\text{ cm}'],
    ['\\boxed{5} in total', '5'],
    ['\\boxed{12', '12'],
    ['\\boxed', ''],
    ['\\boxed{}', ''],
    ['\\boxedx{1}', undefined],
  ])('reads %j as %j', (text, content) => {
    expect(lastBox(text)?.content).toBe(content);
  });
});
