const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/**
 * Advances `state` (four 32-bit words, not all 0) and returns the next 32-bit output, in 0..2^32−1.
 * xoshiro128** 1.1 (Blackman and Vigna, arXiv 1805.01407); period 2^128 − 1.
 */
export const nextXoshiro128 = (state: Uint32Array): number => {
  const output = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
  const shifted = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotateLeft(state[3], 11);
  return output;
};
