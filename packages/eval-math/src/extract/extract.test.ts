import { describe, expect, it } from 'vitest';
import { findCandidates } from './extract.js';

/** The likeliest answer of a text. */
const first = (
  text: string,
  kinds: Parameters<typeof findCandidates>[1] = ['latex', 'expr'],
): string | undefined => findCandidates(text, kinds)[0]?.text.trim();

describe('findCandidates', () => {
  it.each([
    // boxes
    ['It is $\\boxed{\\frac{1}{2}}$.', '\\frac{1}{2}'],
    ['First \\boxed{1}. So much for that; now the whole sum has to be looked at again. \\boxed{2}', '2'],
    ['\\boxed{\\text{a {nested} one}}', '\\text{a {nested} one}'],
    ['\\fbox{5}', '5'],
    ['\\boxed 7', '7'],
    ['\\boxed{2} and \\boxed{3}', '2, 3'],
    ['\\boxed{28}\\%', '28%'],
    ['\\boxed{5} cm.', '5\\text{ cm}'],
    ['\\boxed{$5$, $6$}', '5 ,  6'],
    // announcements
    ['The final answer is $42$. I hope it is correct.', '42'],
    ['Final Answer: The final answer is $x+1$.', 'x+1'],
    ['She sold 5 * 6 = 30 eggs.\n#### 30', '30'],
    ['The answer is 3/4.', '3/4'],
    ['**Answer:** 12', '12'],
    ['\\boxed{1}? No. The final answer is $2$.', '2'],
    // whole texts
    ['$\\pi$', '\\pi'],
    ['[0, 1)', '[0, 1)'],
    ['x = 5', 'x = 5'],
    ['3:30 p.m.', '3:30 p.m.'],
    // the last mathematics, the last number
    ['We get $x = 1$ or $x = 2$, hence $x = 2$.', 'x = 2'],
    ['Adding $1$ and $2$', '1, 2'],
    ['They have 3 cats and so 12 legs.', '12'],
    ['It costs $1,250.50 in all.', '$1,250.50'],
    ['The probability is 25%.', '25%'],
    ['The point is (3, -1).', '(3, -1)'],
    ['The remainder is $2$ when divided by 7.', '2'],
    ['\\begin{align*} x &= 1 + 1 \\\\ &= 2 \\end{align*}', '= 2'],
  ])('finds in %j the answer %j', (text, answer) => {
    expect(first(text)).toBe(answer);
  });

  it('reads only the kinds it may', () => {
    expect(first('It is \\boxed{5}, as 2 + 1 = 3.', ['expr'])).toBe('3');
    expect(first('The answer is B.', ['string'])).toBe('B');
    expect(findCandidates('A. Because B is not valid.', ['string']).map(({ text }) => text)).toContain('A');
  });

  it('finds nothing where nothing is', () => {
    expect(findCandidates('', ['latex', 'expr', 'string'])).toEqual([]);
    expect(findCandidates('   \n', ['latex', 'expr', 'string'])).toEqual([]);
  });
});
