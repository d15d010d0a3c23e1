import { endianness } from 'node:os';

/** Bytes of one value, by the format's name for its type. */
export const BYTES_OF_DTYPE: ReadonlyMap<string, number> = new Map([
  ['F64', 8],
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['I64', 8],
  ['I32', 4],
  ['I16', 2],
  ['I8', 1],
  ['U64', 8],
  ['U32', 4],
  ['U16', 2],
  ['U8', 1],
  ['BOOL', 1],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
]);

/** Types that are read, as float32. */
export const FLOAT_DTYPES = ['F64', 'F32', 'F16', 'BF16'] as const;

/** The number that 16 bits of a float16 stand for. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Widens or rounds little-endian values of a float type to float32 (from float64: to the nearest). */
export function decodeFloats(
  dtype: (typeof FLOAT_DTYPES)[number],
  bytes: Uint8Array,
  values: Float32Array,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    if (dtype === 'BF16') bits[i] = view.getUint16(2 * i, true) << 16;
    else if (dtype === 'F32') bits[i] = view.getUint32(4 * i, true);
    else if (dtype === 'F16') values[i] = halfToFloat(view.getUint16(2 * i, true));
    else values[i] = view.getFloat64(8 * i, true);
  }
}

/** Types that are written. */
export type WrittenDtype = 'F32' | 'BF16';

/** The 16 bits of the bfloat16 nearest to a float32, ties to even. */
function nearestBrain(bits: number): number {
  const notANumber = (bits & 0x7f800000) === 0x7f800000 && (bits & 0x7fffff) !== 0;
  return notANumber ? (bits >>> 16) | 0x40 : ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Little-endian bytes of values in the type; for float32 they may be the values' own memory. */
export function encodeFloats(dtype: WrittenDtype, values: Float32Array): Uint8Array {
  if (dtype === 'F32') {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32();
  }
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const brains = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) brains[i] = nearestBrain(bits[i]);
  const bytes = Buffer.from(brains.buffer);
  return endianness() === 'LE' ? bytes : bytes.swap16();
}
