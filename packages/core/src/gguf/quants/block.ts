import { halfToFloat } from '../../model-files/safetensors-dtype.js';

/**
 * Turns one block of quantised values into float32, with the float32 roundings of ggml's own arithmetic.
 *
 * @param bytes the file's bytes; the block starts at `at`
 * @param values where the block's values go, from `out` on
 */
export type DequantiseBlock = (bytes: Uint8Array, at: number, values: Float32Array, out: number) => void;

/** The float16 at a place. */
export const halfAt = (bytes: Uint8Array, at: number): number =>
  halfToFloat(bytes[at] | (bytes[at + 1] << 8));

/** The byte at a place, as a signed number. */
export const signedAt = (bytes: Uint8Array, at: number): number => (bytes[at] << 24) >> 24;
