import { GgufError } from './gguf-error.js';
import type { GgufHeader } from './read-gguf.js';

/** A reader of a GGUF file's metadata by key, with checks of the types. */
export interface MetadataReader {
  readonly file: string;
  /** A whole number ≥ 0. @throws GgufError where it is of another kind, or missing without a default */
  count(key: string, otherwise?: number): number;
  /** A finite number, as short as float32 allows: 1e-5, not 0.000009999999747378752. */
  number(key: string, otherwise?: number): number;
  text(key: string, otherwise?: string): string;
  flag(key: string, otherwise: boolean): boolean;
  texts(key: string): readonly string[];
  numbers(key: string): readonly number[];
  has(key: string): boolean;
}

/** The shortest decimal that is the same float32. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Makes a {@link MetadataReader}. */
export function metadataReader(file: string, metadata: GgufHeader['metadata']): MetadataReader {
  function get<T>(key: string, expected: string, is: (value: unknown) => value is T, otherwise?: T): T {
    const found = metadata.get(key);
    const value = typeof found === 'bigint' ? Number(found) : found;
    if (value === undefined && otherwise !== undefined) return otherwise;
    if (is(value)) return value;
    const what = value === undefined ? 'is missing' : `is ${describe(value)}`;
    throw new GgufError(`${file}: metadata ${key} ${what}, expected ${expected}`);
  }
  const isCount = (value: unknown): value is number =>
    isNumber(value) && Number.isSafeInteger(value) && value >= 0;
  const listOf =
    <T>(is: (value: unknown) => value is T) =>
    (value: unknown): value is readonly T[] =>
      Array.isArray(value) && value.every(is);
  return {
    file,
    count: (key, otherwise) => get(key, 'a whole number ≥ 0', isCount, otherwise),
    number: (key, otherwise) => shortest(get(key, 'a number', isNumber, otherwise)),
    text: (key, otherwise) => get(key, 'a text', isText, otherwise),
    flag: (key, otherwise) =>
      get(key, 'true or false', (value): value is boolean => typeof value === 'boolean', otherwise),
    texts: (key) => get(key, 'a list of texts', listOf(isText)),
    numbers: (key) => get(key, 'a list of numbers', listOf(isNumber)),
    has: (key) => metadata.has(key),
  };
}

function describe(value: unknown): string {
  return Array.isArray(value) ? `a list of ${value.length}` : JSON.stringify(value).slice(0, 60);
}
