import { GgufError } from './gguf-error.js';

/** Bounds of ours, above every published model's: the parser trusts what a header says of its own lengths. */
const MAX_HEADER_BYTES = 32 << 20;
const MAX_KEYS = 4096;
const MAX_TENSORS = 65_536;
const MAX_NAME_BYTES = 1024;
const MAX_STRING_BYTES = 1 << 20;
const MAX_ARRAY_VALUES = 1_000_000;
/** Over all arrays. */
const MAX_VALUES = 2_500_000;
const MAX_DIMENSIONS = 4;

const STRING = 8;
const ARRAY = 9;
/** Bytes of a value, by the format's number for its type. */
const BYTES_OF_TYPE: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
]);

/** A string that ends a metadata value, and where its bytes lie. */
export interface FinalString {
  readonly key: string;
  /** Its index, where the value is an array. */
  readonly index?: number;
  readonly start: number;
  readonly bytes: number;
}

/** What the bytes of a header were found to be. */
export interface ScannedHeader {
  /** Where the list of tensors ends. */
  readonly end: number;
  readonly finalStrings: readonly FinalString[];
}

/** The window ends before the header does. */
class WindowTooShort extends Error {}

/** Walks a header's fields in order. */
function headerCursor(file: string, window: Uint8Array, size: number) {
  const view = new DataView(window.buffer, window.byteOffset, window.byteLength);
  const utf8 = new TextDecoder();
  let at = 0;
  const skip = (bytes: number): number => {
    const start = at;
    at += bytes;
    if (at > size) {
      throw new GgufError(
        `${file}: ends at byte ${size}, expected its header to go on to byte ${at}; it is cut short or damaged, get it again`,
      );
    }
    if (at > MAX_HEADER_BYTES) {
      throw new GgufError(
        `${file}: its header goes beyond ${MAX_HEADER_BYTES} bytes, more than any model has`,
      );
    }
    return start;
  };
  const take = (bytes: number): number => {
    const start = skip(bytes);
    if (at > window.length) throw new WindowTooShort();
    return start;
  };
  const u32 = () => view.getUint32(take(4), true);
  const u64 = () => Number(view.getBigUint64(take(8), true));
  const count = (what: string, most: number): number => {
    const value = u64();
    if (value <= most) return value;
    throw new GgufError(
      `${file}: says that it has ${value} ${what}, expected at most ${most}; it is damaged`,
    );
  };
  return {
    position: () => at,
    skip,
    u32,
    count,
    /** Steps over a string. @returns where its bytes lie */
    string: (what: string) => {
      const bytes = count(`bytes in ${what}`, MAX_STRING_BYTES);
      return { start: skip(bytes), bytes };
    },
    name: (what: string): string => {
      const bytes = count(`bytes in ${what}`, MAX_NAME_BYTES);
      const start = take(bytes);
      return utf8.decode(window.subarray(start, start + bytes));
    },
  };
}

function scan(file: string, window: Uint8Array, size: number): ScannedHeader {
  const cursor = headerCursor(file, window, size);
  const finalStrings: FinalString[] = [];
  if (size < 4 || String.fromCharCode(...window.subarray(0, 4)) !== 'GGUF') {
    throw new GgufError(`${file}: does not start with GGUF; it is no GGUF file`);
  }
  cursor.skip(4);
  const version = cursor.u32();
  if (version !== 2 && version !== 3) {
    throw new GgufError(`${file}: is of version ${version}, expected 2 or 3 in little-endian order`);
  }
  const tensors = cursor.count('tensors', MAX_TENSORS);
  const keys = cursor.count('metadata keys', MAX_KEYS);
  const seen = new Set<string>();
  let values = 0;

  for (let i = 0; i < keys; i++) {
    const key = cursor.name('the name of a metadata key');
    if (seen.has(key)) throw new GgufError(`${file}: metadata ${key} comes twice; it is damaged`);
    seen.add(key);
    const type = cursor.u32();
    if (type === STRING) {
      finalStrings.push({ key, ...cursor.string(`metadata ${key}`) });
      continue;
    }
    const element = type === ARRAY ? cursor.u32() : type;
    const width = BYTES_OF_TYPE.get(element);
    if (width === undefined && !(type === ARRAY && element === STRING)) {
      const why = element === ARRAY ? 'is an array of arrays, which no model has' : `has type ${element}`;
      throw new GgufError(`${file}: metadata ${key} ${why}; expected numbers, strings or arrays of them`);
    }
    const length = type === ARRAY ? cursor.count(`values in ${key}`, MAX_ARRAY_VALUES) : 1;
    values += length;
    if (values > MAX_VALUES) {
      throw new GgufError(
        `${file}: its metadata has more than ${MAX_VALUES} values, more than any model has`,
      );
    }
    if (width !== undefined) {
      cursor.skip(width * length);
      continue;
    }
    for (let index = 0; index < length; index++) {
      const string = cursor.string(`an entry of ${key}`);
      if (index === length - 1) finalStrings.push({ key, index, ...string });
    }
  }

  for (let i = 0; i < tensors; i++) {
    const name = cursor.name('the name of a tensor');
    const dimensions = cursor.u32();
    if (dimensions > MAX_DIMENSIONS) {
      throw new GgufError(
        `${file}: tensor ${name}: has ${dimensions} dimensions, expected at most ${MAX_DIMENSIONS}`,
      );
    }
    cursor.skip(8 * dimensions + 4 + 8);
  }
  return { end: cursor.position(), finalStrings };
}

/**
 * Steps over a header without keeping anything of it, and checks that all it announces lies in the file and is of a
 * size that a model can have. Time and memory are bounded by those sizes.
 *
 * @param read gives the file's first bytes, up to the number asked for
 * @param size of the file, bytes
 * @throws GgufError
 */
export async function scanHeader(
  file: string,
  read: (bytes: number) => Promise<Uint8Array>,
  size: number,
): Promise<ScannedHeader> {
  for (let bytes = 4 << 20; ; bytes *= 2) {
    const window = await read(Math.min(bytes, size));
    try {
      return scan(file, window, size);
    } catch (error) {
      if (!(error instanceof WindowTooShort)) throw error;
    }
  }
}
