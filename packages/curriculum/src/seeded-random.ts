import { CurriculumError } from './curriculum-error.js';
import type { RandomSource } from './random-source.js';
import { requireNumber } from './require-number.js';
import { seedWords } from './seed-words.js';
import { nextXoshiro128 } from './xoshiro128.js';

const randomFrom = (words: readonly number[]): RandomSource => {
  const state = Uint32Array.from(words);
  return {
    next: () => {
      // 53 bits, all that a double in [0, 1) holds: 27 from one output, 26 from the next.
      const high = nextXoshiro128(state) >>> 5;
      const low = nextXoshiro128(state) >>> 6;
      return (high * 2 ** 26 + low) / 2 ** 53;
    },
    state: () => Array.from(state),
  };
};

/**
 * Uniform random numbers in [0, 1) with 53 bits, from xoshiro128** seeded through SplitMix64.
 *
 * One seed decides a whole run: give each consumer a stream of its own, `seededRandom(seed, 'curriculum')`,
 * `seededRandom(seed, 'rollout')`, and none disturbs another by drawing more or less.
 *
 * @param seed a whole number in 0..2^53−1
 * @param stream a name; streams of different names are independent for all practical purposes. Default: ''
 * @throws CurriculumError `invalid_option` for another seed or a stream that is no string
 */
export const seededRandom = (seed: number, stream = ''): RandomSource => {
  requireNumber('invalid_option', 'seed', seed, { integer: true, min: 0 });
  if (typeof stream !== 'string')
    throw new CurriculumError('invalid_option', `stream is ${typeof stream}: give a name as a string`);
  return randomFrom(seedWords(seed, stream));
};

/**
 * Goes on from where a generator of `seededRandom` stood.
 * @param state what `state()` returned: four whole numbers in 0..2^32−1, not all 0
 * @throws CurriculumError `invalid_state` for anything else
 */
export const restoreRandom = (state: readonly number[]): RandomSource => {
  if (!Array.isArray(state) || state.length !== 4 || state.every((word) => word === 0))
    throw new CurriculumError(
      'invalid_state',
      'state is not a generator’s: give the four whole numbers, not all 0, that state() returned',
    );
  for (const [index, word] of state.entries())
    requireNumber('invalid_state', `state[${index}]`, word, { integer: true, min: 0, max: 2 ** 32 - 1 });
  return randomFrom(state);
};
