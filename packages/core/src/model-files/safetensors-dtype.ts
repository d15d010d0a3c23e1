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

function halfToFloat(bits: number): number {
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
