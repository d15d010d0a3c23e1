/** Uniform random numbers whose place in the stream can be saved and restored. */
export interface RandomSource {
  /** The next number, uniform in [0, 1). */
  next(): number;
  /** The generator's whole state, as JSON-safe integers; `restoreRandom` goes on from here. */
  state(): readonly number[];
}
