/** A small seeded generator (mulberry32) of numbers in [0, 1), for test data. */
export function uniformGenerator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers of mean 0 and standard deviation `scale`. */
export function normals(size: number, seed: number, scale = 1): Float32Array {
  const uniform = uniformGenerator(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return Float32Array.from({ length: size }, () => normal() * scale);
}

/** Whole numbers of 0..below−1. */
export function integers(size: number, seed: number, below: number): Int32Array {
  const uniform = uniformGenerator(seed);
  return Int32Array.from({ length: size }, () => Math.floor(uniform() * below));
}
