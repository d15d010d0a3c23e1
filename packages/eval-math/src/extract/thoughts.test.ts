import { describe, expect, it } from 'vitest';
import { behindThoughts, withOpening } from './thoughts.js';

describe('behindThoughts', () => {
  it.each([
    ['5', '5'],
    ['<think>4</think>5', '5'],
    ['4</think>5', '5'],
    ['<think>3</think>4<think>4</think>5', '5'],
    ['<think>4', ''],
    ['5<think>4', ''],
    ['<think>4</think>5<think>', ''],
    ['<think>4</think>', ''],
    ['', ''],
  ])('of %j is %j', (text, answer) => {
    expect(behindThoughts(text)).toBe(answer);
  });

  it('is nothing of a thought that the prompt opened', () => {
    expect(behindThoughts(withOpening('4', true))).toBe('');
    expect(behindThoughts(withOpening('4</think>5', true))).toBe('5');
    expect(behindThoughts(withOpening('4', false))).toBe('4');
  });
});
