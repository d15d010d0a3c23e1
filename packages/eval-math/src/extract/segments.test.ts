import { describe, expect, it } from 'vitest';
import { findSegments, joinedBack, withoutDollars } from './segments.js';

const contents = (text: string): string[] => findSegments(text).map(({ content }) => content);

describe('findSegments', () => {
  it.each([
    ['$a$ and $$b$$ and \\(c\\) and \\[d\\]', ['a', 'b', 'c', 'd']],
    ['it costs \\$5 and $x$', ['x']],
    ['$ \n 9 \n $', []],
    ['\\[ \n 9 \n \\]', [' \n 9 \n ']],
    ['\\[ a \\\\[2pt] b \\]', [' a \\\\[2pt] b ']],
    ['no mathematics', []],
  ])('finds in %j the stretches %j', (text, expected) => {
    expect(contents(text)).toEqual(expected);
  });
});

describe('joinedBack', () => {
  it.each([
    ['$1$, $2$, and $3$', '1, 2, 3'],
    ['$1$ then, much later, $3$', '3'],
    ['$28$ percent', '28%'],
    ['$5$ m', '5\\text{ m}'],
    ['$5$ m and more', '5'],
  ])('joins %j to %j', (text, expected) => {
    const segments = findSegments(text);
    expect(joinedBack(text, segments, segments.length - 1).content).toBe(expected);
  });
});

describe('withoutDollars', () => {
  it('takes out delimiters, not the sign of the dollar', () => {
    expect(withoutDollars('$5$, $6$')).toBe(' 5 ,  6 ');
    expect(withoutDollars('\\$5')).toBe('\\$5');
    expect(withoutDollars('$5')).toBe('$5');
  });
});
