import { decodeFloats } from '../../model-files/safetensors-dtype.js';
import type { DequantiseBlock } from './block.js';
import { q2K, q3K, q4K, q5K, q6K } from './k-quants.js';
import { q4_0, q4_1, q5_0, q5_1, q8_0 } from './simple-quants.js';

/** How a GGUF tensor's values are stored. */
export interface QuantType {
  readonly name: string;
  readonly valuesPerBlock: number;
  readonly bytesPerBlock: number;
  /** Turns whole blocks into float32. `values` has valuesPerBlock for each bytesPerBlock of `bytes`. */
  readonly dequantise: (bytes: Uint8Array, values: Float32Array) => void;
}

const floats = (name: 'F32' | 'F16' | 'BF16', bytesPerBlock: number): QuantType => ({
  name,
  valuesPerBlock: 1,
  bytesPerBlock,
  dequantise: (bytes, values) => decodeFloats(name, bytes, values),
});

const blocks = (
  name: string,
  valuesPerBlock: number,
  bytesPerBlock: number,
  block: DequantiseBlock,
): QuantType => ({
  name,
  valuesPerBlock,
  bytesPerBlock,
  dequantise(bytes, values) {
    for (let at = 0, out = 0; out < values.length; at += bytesPerBlock, out += valuesPerBlock) {
      block(bytes, at, values, out);
    }
  },
});

/** The types that are read, by ggml's number for them. */
export const QUANT_TYPES: ReadonlyMap<number, QuantType> = new Map([
  [0, floats('F32', 4)],
  [1, floats('F16', 2)],
  [2, blocks('Q4_0', 32, 18, q4_0)],
  [3, blocks('Q4_1', 32, 20, q4_1)],
  [6, blocks('Q5_0', 32, 22, q5_0)],
  [7, blocks('Q5_1', 32, 24, q5_1)],
  [8, blocks('Q8_0', 32, 34, q8_0)],
  [10, blocks('Q2_K', 256, 84, q2K)],
  [11, blocks('Q3_K', 256, 110, q3K)],
  [12, blocks('Q4_K', 256, 144, q4K)],
  [13, blocks('Q5_K', 256, 176, q5K)],
  [14, blocks('Q6_K', 256, 210, q6K)],
  [30, floats('BF16', 2)],
]);
