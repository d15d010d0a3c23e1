/**
 * Most packed tokens of one forward and backward pass unless a run asks for others. Ours: on 2 cores steps of 13,152 tokens
 * (1.1 million parameters) took 3.3 to 3.5 s on wasm in passes of 2,048, 3.0 of 3,072, 2.9 to 3.2 of 4,096 and 2.9 to 3.3 as
 * one, in a process of 0.34, 0.34, 0.42 and 0.83 GiB; on tensorflow 2.1, 2.1 and 2.0 s, and 0.69, 0.69 and 0.84 GiB.
 */
export const DEFAULT_TOKENS_PER_PASS = 3072;
