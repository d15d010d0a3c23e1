import { type DequantiseBlock, halfAt, signedAt } from './block.js';

/**
 * Super-blocks of 256 values: sub-blocks of 16 or 32 values have small integer scales (and minima), which the
 * super-block's float16 scales multiply.
 */

const fround = Math.fround;

/** 2 bits, sub-blocks of 16: d·scale·q − dmin·minimum. */
export const q2K: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at + 80);
  const dmin = halfAt(bytes, at + 82);
  for (let sub = 0; sub < 16; sub++) {
    const packed = bytes[at + sub];
    const scale = fround(d * (packed & 15));
    const minimum = fround(dmin * (packed >> 4));
    const quants = at + 16 + (sub >> 3) * 32 + (sub & 1) * 16;
    const shift = ((sub >> 1) & 3) * 2;
    for (let i = 0; i < 16; i++) {
      values[out + sub * 16 + i] = fround(scale * ((bytes[quants + i] >> shift) & 3)) - minimum;
    }
  }
};

/** 3 bits, sub-blocks of 16: d·(scale − 32)·(q − 4), the third bits and the scales' upper bits apart. */
export const q3K: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at + 108);
  const scales = at + 96;
  for (let sub = 0; sub < 16; sub++) {
    const low = (bytes[scales + (sub & 7)] >> (4 * (sub >> 3))) & 15;
    const high = (bytes[scales + 8 + (sub & 3)] >> (2 * (sub >> 2))) & 3;
    const scale = fround(d * ((low | (high << 4)) - 32));
    const half = (sub & 1) * 16;
    const quants = at + 32 + (sub >> 3) * 32 + half;
    const shift = ((sub >> 1) & 3) * 2;
    for (let i = 0; i < 16; i++) {
      const third = (bytes[at + half + i] >> (sub >> 1)) & 1;
      values[out + sub * 16 + i] = scale * (((bytes[quants + i] >> shift) & 3) - (third ? 0 : 4));
    }
  }
};

/** The 6-bit scale of sub-block `j` (0..7) of Q4_K and Q5_K, out of their 12 bytes of scales and minima. */
const scaleOf = (bytes: Uint8Array, at: number, j: number): number =>
  j < 4 ? bytes[at + j] & 63 : (bytes[at + j + 4] & 15) | ((bytes[at + j - 4] >> 6) << 4);

/** The 6-bit minimum of sub-block `j`. */
const minimumOf = (bytes: Uint8Array, at: number, j: number): number =>
  j < 4 ? bytes[at + j + 4] & 63 : (bytes[at + j + 4] >> 4) | ((bytes[at + j] >> 6) << 4);

/** 4 bits, sub-blocks of 32: d·scale·q − dmin·minimum. */
export const q4K: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at);
  const dmin = halfAt(bytes, at + 2);
  for (let sub = 0; sub < 8; sub++) {
    const scale = fround(d * scaleOf(bytes, at + 4, sub));
    const minimum = fround(dmin * minimumOf(bytes, at + 4, sub));
    const quants = at + 16 + (sub >> 1) * 32;
    const shift = (sub & 1) * 4;
    for (let i = 0; i < 32; i++) {
      values[out + sub * 32 + i] = fround(scale * ((bytes[quants + i] >> shift) & 15)) - minimum;
    }
  }
};

/** 5 bits, as Q4_K with the fifth bits in 32 bytes of their own. */
export const q5K: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at);
  const dmin = halfAt(bytes, at + 2);
  for (let sub = 0; sub < 8; sub++) {
    const scale = fround(d * scaleOf(bytes, at + 4, sub));
    const minimum = fround(dmin * minimumOf(bytes, at + 4, sub));
    const quants = at + 48 + (sub >> 1) * 32;
    const shift = (sub & 1) * 4;
    for (let i = 0; i < 32; i++) {
      const fifth = ((bytes[at + 16 + i] >> sub) & 1) << 4;
      values[out + sub * 32 + i] = fround(scale * (((bytes[quants + i] >> shift) & 15) | fifth)) - minimum;
    }
  }
};

/** 6 bits, sub-blocks of 16 with signed 8-bit scales: d·scale·(q − 32). */
export const q6K: DequantiseBlock = (bytes, at, values, out) => {
  const d = halfAt(bytes, at + 208);
  for (let sub = 0; sub < 16; sub++) {
    const scale = fround(d * signedAt(bytes, at + 192 + sub));
    const half = sub >> 3;
    const quarter = (sub >> 1) & 3;
    const within = (sub & 1) * 16;
    const low = at + half * 64 + (quarter & 1) * 32 + within;
    const lowShift = (quarter >> 1) * 4;
    const high = at + 128 + half * 32 + within;
    for (let i = 0; i < 16; i++) {
      const q = ((bytes[low + i] >> lowShift) & 15) | (((bytes[high + i] >> (2 * quarter)) & 3) << 4);
      values[out + sub * 16 + i] = scale * (q - 32);
    }
  }
};
