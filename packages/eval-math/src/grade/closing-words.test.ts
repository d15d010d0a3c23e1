import { describe, expect, it } from 'vitest';
import { grade } from './grade.js';

describe('a last sentence in words', () => {
  it.each([
    ['Friday', 'The day is a Friday.'],
    ['Friday', 'We count on from Monday. So the day is **Friday**.'],
    ['even', '2 + 2 = 4, hence the sum of both is even'],
    ['even', 'Therefore, we conclude that the number is even!'],
    ['\\text{isosceles}', 'All of this taken together, the two angles agree. The triangle is isosceles.'],
  ])('states %s in %j', (gold, prediction) => {
    expect(grade(gold, prediction).correct).toBe(true);
  });

  it.each([
    ['even', 'Final answer: odd. I was asked whether it is even.'],
    ['even', 'The number 4 is \\boxed{odd}. The number is even.'],
    ['even', '#### odd\nThe number is even.'],
    ['even', 'The answer is odd. Its double is even.'],
    ['even', 'It is not the case that the number is even.'],
    ['even', 'I never said the number is even.'],
    ['even', "I don't think the number is even."],
    ['even', 'Nobody knows if the number is even.'],
    ['even', 'Could it be that the number is even?'],
    ['even', 'It is false that the number is even.'],
    ['even', 'If n is 2, the number is even.'],
    ['even', 'Maybe the number is even.'],
    ['even', 'The number is odd or the number is even.'],
    ['true', 'I doubt that this is true.'],
    ['true', 'That is not true.'],
  ])('does not state %s in %j', (gold, prediction) => {
    expect(grade(gold, prediction).correct).toBe(false);
  });
});
