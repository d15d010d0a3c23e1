/**
 * Most packed tokens of one forward and backward pass unless a run asks for others. Ours: on 2 cores an update of 13,152
 * tokens (1.1 million parameters, wasm) took 2.3 s of processor time in passes of 1,024 or 2,048, 2.7 to 3.0 in passes of
 * 4,096 or 16,384, and 287, 312, 384 and 830 MiB.
 */
export const DEFAULT_TOKENS_PER_PASS = 2048;
