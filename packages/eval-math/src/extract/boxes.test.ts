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
    ['The legs are \\boxed{6} and \\boxed{8}, giving the hypotenuse \\boxed{10}.', '10'],
    ['The legs are \\boxed{6} and \\boxed{8}, the hypotenuse \\boxed{10}.', '10'],
    ['\\boxed{6}, so \\boxed{10}', '10'],
    ['\\boxed{6} gives \\boxed{10}', '10'],
    ['\\boxed{6} + \\boxed{8}', '8'],
    ['We add \\boxed{6} to \\boxed{8}', '8'],
    ['\\boxed{1} $\\text{cm}$, and \\boxed{2} cm', '1, 2'],
    ['\\boxed{1}\\text{ for part (a) and }\\boxed{2}', '1, 2'],
    ['(a) \\boxed{1} (b) \\boxed{2}', '1, 2'],
    ['1. $\\boxed{1}$\n2. $\\boxed{2}$', '1, 2'],
    ['$f(x) = \\boxed{1}$, $\\alpha = \\boxed{2}$', '1, 2'],
    ['\\boxed{1}\\boxed{2}', '1, 2'],
    ['\\boxed{1} ++++ \\boxed{2}', '1, 2'],
    ['\\[\\boxed{1} \\quad \\text{or} \\quad \\boxed{2}\\]', '1, 2'],
    ['\\boxed{1},\\boxed{2}; and \\boxed{3}', '1, 2, 3'],
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
