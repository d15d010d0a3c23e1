import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { readExactly } from '../files/open-input-file.js';
import { sizeOfShape } from './named-tensor.js';
import { BYTES_OF_DTYPE } from './safetensors-dtype.js';
import { SafetensorsError } from './safetensors-error.js';

/** Where a tensor lies in its file. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte, from the start of the file. */
  readonly start: number;
  readonly bytes: number;
}

/** Bounds of ours, above every published model's: the format itself allows a header of 100 MB. */
const MAX_HEADER_BYTES = 32 << 20;
const MAX_DIMENSIONS = 8;

const makeError = (message: string, options?: ErrorOptions) => new SafetensorsError(message, options);

const natural = z.number().int().nonnegative();
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(natural).max(MAX_DIMENSIONS),
  data_offsets: z.tuple([natural, natural]),
});

/** Checked by hand: a record's schema would drop a tensor called `__proto__`. */
const headerSchema = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

async function readHeaderJson(file: string, handle: FileHandle, size: number) {
  const prefix = new Uint8Array(8);
  await readExactly(file, handle, prefix, 0, makeError);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new SafetensorsError(
      `${file}: says that its header has ${length} bytes, expected at most ${MAX_HEADER_BYTES}; it is no safetensors file`,
    );
  }
  const dataStart = 8 + Number(length);
  if (dataStart > size) {
    throw new SafetensorsError(
      `${file}: has ${size} bytes, expected a header up to byte ${dataStart}; it is cut short, get it again`,
    );
  }
  const bytes = new Uint8Array(Number(length));
  await readExactly(file, handle, bytes, 8, makeError);
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return { header: headerSchema.parse(header), dataStart };
  } catch (cause) {
    throw new SafetensorsError(`${file}: its header is no JSON object; it is damaged, get it again`, {
      cause,
    });
  }
}

function checkEntry(file: string, name: string, value: unknown, dataStart: number): TensorEntry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new SafetensorsError(`${file}: tensor ${name}: ${path.map(String).join('.')}: ${message}`);
  }
  const { dtype, shape, data_offsets } = parsed.data;
  const width = BYTES_OF_DTYPE.get(dtype);
  if (width === undefined) {
    throw new SafetensorsError(
      `${file}: tensor ${name}: dtype is ${JSON.stringify(dtype)}, expected one of ${[...BYTES_OF_DTYPE.keys()].join(', ')}`,
    );
  }
  const bytes = data_offsets[1] - data_offsets[0];
  if (sizeOfShape(shape) * width !== bytes) {
    throw new SafetensorsError(
      `${file}: tensor ${name}: ${dtype} [${shape.join(', ')}] takes ${sizeOfShape(shape) * width} bytes, but its data_offsets span ${bytes}`,
    );
  }
  return { dtype, shape, start: dataStart + data_offsets[0], bytes };
}

/** The format wants the data to be covered without holes and overlaps; that also shows a file cut short. */
function checkCoverage(
  file: string,
  entries: ReadonlyMap<string, TensorEntry>,
  from: number,
  size: number,
): void {
  let end = from;
  const inOrder = [...entries].sort(([, a], [, b]) => a.start - b.start || a.bytes - b.bytes);
  for (const [name, { start, bytes }] of inOrder) {
    if (start !== end) {
      throw new SafetensorsError(
        `${file}: tensor ${name} starts at byte ${start}, expected ${end}; tensors may not overlap or leave holes`,
      );
    }
    end += bytes;
  }
  if (end !== size) {
    const why = end > size ? 'it is cut short, get it again' : 'something was added to its end';
    throw new SafetensorsError(`${file}: has ${size} bytes, expected ${end}; ${why}`);
  }
}

/**
 * Reads and checks a safetensors header: length, JSON, types, shapes, and that the tensors cover the file exactly.
 *
 * @throws SafetensorsError
 */
export async function readHeader(
  file: string,
  handle: FileHandle,
): Promise<ReadonlyMap<string, TensorEntry>> {
  const { size } = await handle.stat();
  const { header, dataStart } = await readHeaderJson(file, handle, size);
  const entries = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(header)) {
    if (name !== '__metadata__') entries.set(name, checkEntry(file, name, value, dataStart));
  }
  checkCoverage(file, entries, dataStart, size);
  return entries;
}
