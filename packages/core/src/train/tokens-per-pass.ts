/**
 * Most packed tokens of one forward and backward pass unless a run asks for others. Ours: on 2 cores an update of 13,152
 * tokens (1.1 million parameters, wasm) took 2.6 s in passes of 2,048 (the median of six, by turns), 2.7 of 4,096, 2.8 of
 * 8,192, 2.6 as one, and 3.1 of 1,024, in a process of 312, 384, 537, 830 and 287 MiB.
 */
export const DEFAULT_TOKENS_PER_PASS = 2048;
