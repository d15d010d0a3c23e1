import type { RandomSource } from './random-source.js';
import { uniformInt } from './uniform-int.js';

/**
 * A copy of `items` in random order, every order equally likely (Fisher–Yates). Draws length − 1 numbers from `random`.
 */
export const shuffle = <T>(items: readonly T[], random: RandomSource): T[] => {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = uniformInt(last + 1, random);
    [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
  }
  return shuffled;
};
