import { expect, it } from 'vitest';
import { randomFrom } from './random.js';

it('is even over 0..1', () => {
  const random = randomFrom(1);
  const [bins, draws] = [16, 32_000];
  const counts = new Array<number>(bins).fill(0);
  for (let draw = 0; draw < draws; draw += 1) counts[Math.floor(random() * bins)] += 1;
  const expected = draws / bins;
  const chiSquare = counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
  // 15 degrees of freedom: above 44.3 once in ten thousand.
  expect(chiSquare).toBeLessThan(44.3);
});
