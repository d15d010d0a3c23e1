import { describe, expect, it } from 'vitest';
import { announcements } from './anchors.js';

describe('announcements', () => {
  it.each([
    ['The answer is 5.', '5'],
    ['the answer of the first question is 5 because 2 + 3 = 5', '5'],
    ['Answer: 1.5 is what we get.', '1.5 is what we get'],
    ['answer = **7**', '7'],
    ['The answer is 3:30 p.m. as the train is late', '3:30 p.m.'],
    ['#### 18', '18'],
    ['Answer: 10 (ten)', '10'],
  ])('takes from %j the phrase %j', (text, phrase) => {
    expect(announcements(text)[0].phrase).toBe(phrase);
  });

  it('takes the last of a kind first', () => {
    expect(announcements('The answer is 4. No, the answer is 5.').map(({ phrase }) => phrase)).toEqual([
      '5',
      '4',
    ]);
  });
});
