import type { RandomSource } from './random-source.js';
import { requireNumber } from './require-number.js';

/**
 * A whole number in 0..n−1, each equally likely to within n·2^-53. Draws one number from `random`.
 * @throws CurriculumError `invalid_input` unless n is a whole number in 1..2^32
 */
export const uniformInt = (n: number, random: RandomSource): number =>
  Math.floor(random.next() * requireNumber('invalid_input', 'n', n, { integer: true, min: 1, max: 2 ** 32 }));
