import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openInputFile, readExactly } from '../files/open-input-file.js';
import { sizeOfShape } from '../model-files/named-tensor.js';
import { GgufError } from './gguf-error.js';
import { QUANT_TYPES, type QuantType } from './quants/quant-types.js';
import { type FinalString, scanHeader } from './scan-header.js';

type Scalar = string | number | bigint | boolean;

/** A tensor in a GGUF file. */
export interface GgufTensor {
  readonly type: QuantType;
  /** Row-major, as in safetensors: GGUF has the dimensions in reverse. */
  readonly shape: readonly number[];
  /** First byte, from the start of the file. */
  readonly start: number;
  readonly bytes: number;
}

/** A GGUF file's header. */
export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, Scalar | readonly Scalar[]>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** What the parser reads at a time; it loses the end of a string that lies across two such pieces. */
const PARSER_CHUNK_BYTES = 2_000_000;
const DEFAULT_ALIGNMENT = 32;

const makeError = (message: string, options?: ErrorOptions) => new GgufError(message, options);

/** Opens a GGUF file. @throws GgufError where it is missing or cannot be read */
export const openGguf = (file: string): Promise<FileHandle> => openInputFile(file, makeError);

/** Fills `bytes` from a place in the file. @throws GgufError where it cannot be read or ends before */
export const readGgufBytes = (file: string, handle: FileHandle, bytes: Uint8Array, position: number) =>
  readExactly(file, handle, bytes, position, makeError);

function alignmentOf(file: string, value: unknown): number {
  const alignment = Number(value ?? DEFAULT_ALIGNMENT);
  if (
    Number.isInteger(alignment) &&
    alignment > 0 &&
    alignment <= 65_536 &&
    (alignment & (alignment - 1)) === 0
  ) {
    return alignment;
  }
  throw new GgufError(`${file}: general.alignment is ${value}, expected a power of two up to 65536`);
}

/** Checks that tensors lie in the file, aligned and apart. */
function checkExtents(file: string, tensors: ReadonlyMap<string, GgufTensor>, size: number): void {
  let end = 0;
  for (const [name, { start, bytes }] of [...tensors].sort(([, a], [, b]) => a.start - b.start)) {
    if (start < end) {
      throw new GgufError(
        `${file}: tensor ${name} starts at byte ${start}, inside the one before; it is damaged`,
      );
    }
    end = start + bytes;
    if (end > size) {
      throw new GgufError(
        `${file}: has ${size} bytes, expected tensor ${name} up to byte ${end}; it is cut short, get it again`,
      );
    }
  }
}

function tensorOf(
  file: string,
  info: {
    readonly name: string;
    readonly shape: readonly bigint[];
    readonly dtype: number;
    readonly offset: bigint;
  },
  dataStart: number,
  typeNames: Readonly<Record<number, string>>,
): GgufTensor {
  const type = QUANT_TYPES.get(info.dtype);
  if (!type) {
    const known = [...QUANT_TYPES.values()].map(({ name }) => name).join(', ');
    throw new GgufError(
      `${file}: tensor ${info.name}: type is ${typeNames[info.dtype] ?? info.dtype}, expected one of ${known}`,
    );
  }
  const shape = info.shape.map(Number).reverse();
  const values = sizeOfShape(shape);
  const rowLength = shape.at(-1) ?? 1;
  if (!Number.isSafeInteger(values) || rowLength % type.valuesPerBlock !== 0) {
    throw new GgufError(
      `${file}: tensor ${info.name}: shape is [${shape.join(', ')}], expected rows of whole ${type.name} blocks (${type.valuesPerBlock} values)`,
    );
  }
  const start = dataStart + Number(info.offset);
  return { type, shape, start, bytes: (values / type.valuesPerBlock) * type.bytesPerBlock };
}

async function readWhole(file: string, handle: FileHandle, { start, bytes }: FinalString): Promise<string> {
  return new TextDecoder().decode(await readGgufBytes(file, handle, new Uint8Array(bytes), start));
}

/**
 * Reads a GGUF file's metadata and the places of its tensors, through `@huggingface/gguf`, after a check of ours that
 * all lengths are possible: the file may come from anyone.
 *
 * @throws GgufError, naming the file and the key or tensor
 */
export async function readGgufHeader(file: string, handle: FileHandle): Promise<GgufHeader> {
  const { size } = await handle.stat();
  const scanned = await scanHeader(
    file,
    (bytes) => readGgufBytes(file, handle, new Uint8Array(bytes), 0),
    size,
  );
  // Loaded on use: it brings large tables that nothing else needs.
  const { gguf, GGMLQuantizationType } = await import('@huggingface/gguf');
  const parsed = await gguf(resolve(file), { allowLocalFile: true }).catch((cause: Error) => {
    throw new GgufError(`${file}: cannot be read as GGUF (${cause.message})`, { cause });
  });

  const metadata = new Map(Object.entries(parsed.metadata)) as Map<string, Scalar | Scalar[]>;
  for (const string of scanned.finalStrings) {
    const piece = (at: number) => Math.floor(at / PARSER_CHUNK_BYTES);
    if (piece(string.start) === piece(string.start + string.bytes)) continue;
    const value = metadata.get(string.key);
    const text = await readWhole(file, handle, string);
    if (Array.isArray(value) && string.index !== undefined) value[string.index] = text;
    else metadata.set(string.key, text);
  }

  const alignment = alignmentOf(file, metadata.get('general.alignment'));
  const dataStart = Math.ceil(scanned.end / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const info of parsed.tensorInfos) {
    if (tensors.has(info.name))
      throw new GgufError(`${file}: tensor ${info.name} comes twice; it is damaged`);
    tensors.set(info.name, tensorOf(file, info, dataStart, GGMLQuantizationType));
  }
  checkExtents(file, tensors, size);
  return { metadata, tensors };
}
