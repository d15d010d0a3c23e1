import { describe, expect, it } from 'vitest';
import { braced, tokenise } from './tokens.js';

const values = (text: string): string[] => tokenise(text)!.map(({ type, value }) => `${type}:${value}`);

describe('tokenise', () => {
  it.each([
    ['12.5e3', ['number:12.5e3']],
    ['2e', ['number:2', 'letter:e']],
    ['.5', ['number:.5']],
    ['1A_{16}', ['number:1A', 'sign:_', 'sign:{', 'number:16', 'sign:}']],
    ['\\sin x', ['command:sin', 'letter:x']],
    ['\\text{ cm}', ['text: cm']],
    ['\\mathrm{m}', ['letter:\\m']],
    ['\\mathbf{v}', ['letter:v']],
    ['\\operatorname{lcm}', ['command:lcm']],
    ['\\text{min}', ['text:min']],
    ['x<=3', ['letter:x', 'sign:<=', 'number:3']],
    ['1\\\\x', ['number:1', 'sign:\\', 'letter:x']],
    ['\\{ \\}', ['sign:\\{', 'sign:\\}']],
  ])('parts %s', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('remembers white space, and refuses more than two thousand tokens', () => {
    expect(tokenise('a b')!.map(({ spaced }) => spaced)).toEqual([false, true]);
    expect(tokenise('x+'.repeat(1_100))).toBeNull();
  });
});

describe('braced', () => {
  it('finds the end of a group, past escaped braces', () => {
    expect(braced('  {a{b}\\}}c', 0)).toEqual({ inside: 'a{b}\\}', end: 10 });
    expect(braced('{{', 0)).toBeNull();
    expect(braced('x', 0)).toBeNull();
  });
});
