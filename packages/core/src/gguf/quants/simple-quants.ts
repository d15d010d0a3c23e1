import { type DequantiseBlock, halfAt, signedAt } from './block.js';

/** Blocks of 32 values with one scale, and in the `_1` types one minimum: ggml's first quantisations. */

const HALF = 16;

/** 4 bits, d·(q − 8). */
export const q4_0: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at);
  for (let i = 0; i < HALF; i++) {
    const pair = bytes[at + 2 + i];
    values[out + i] = d * ((pair & 15) - 8);
    values[out + HALF + i] = d * ((pair >> 4) - 8);
  }
};

/** 4 bits, d·q + m. */
export const q4_1: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at);
  const m = halfAt(bytes, at + 2);
  for (let i = 0; i < HALF; i++) {
    const pair = bytes[at + 4 + i];
    values[out + i] = Math.fround(d * (pair & 15)) + m;
    values[out + HALF + i] = Math.fround(d * (pair >> 4)) + m;
  }
};

/** The fifth bit of value `i` of a block, as 0 or 16. */
const fifthBit = (bytes: Uint8Array, at: number, i: number): number =>
  ((bytes[at + (i >> 3)] >> (i & 7)) & 1) << 4;

/** 5 bits, d·(q − 16). */
export const q5_0: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at);
  for (let i = 0; i < HALF; i++) {
    const pair = bytes[at + 6 + i];
    values[out + i] = d * (((pair & 15) | fifthBit(bytes, at + 2, i)) - 16);
    values[out + HALF + i] = d * (((pair >> 4) | fifthBit(bytes, at + 2, HALF + i)) - 16);
  }
};

/** 5 bits, d·q + m. */
export const q5_1: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at);
  const m = halfAt(bytes, at + 2);
  for (let i = 0; i < HALF; i++) {
    const pair = bytes[at + 8 + i];
    values[out + i] = Math.fround(d * ((pair & 15) | fifthBit(bytes, at + 4, i))) + m;
    values[out + HALF + i] = Math.fround(d * ((pair >> 4) | fifthBit(bytes, at + 4, HALF + i))) + m;
  }
};

/** 8 bits, d·q. */
export const q8_0: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at);
  for (let i = 0; i < 2 * HALF; i++) values[out + i] = d * signedAt(bytes, at + 2 + i);
};
