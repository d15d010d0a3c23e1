import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { openInputFile, readExactly } from '../files/open-input-file.js';
import { type NamedTensor, sizeOfShape } from './named-tensor.js';
import { decodeFloats, FLOAT_DTYPES } from './safetensors-dtype.js';
import { SafetensorsError } from './safetensors-error.js';
import { readHeader, type TensorEntry } from './safetensors-header.js';

const makeError = (message: string, options?: ErrorOptions) => new SafetensorsError(message, options);

/** Values that are converted at a time, so that a tensor never lies in memory twice. */
const CHUNK_VALUES = 1 << 20;

/** Room for a tensor's values, which a file with holes can have more of than any memory. */
function allocate(file: string, name: string, { shape }: TensorEntry): Float32Array {
  try {
    return new Float32Array(sizeOfShape(shape));
  } catch (cause) {
    throw new SafetensorsError(
      `${file}: tensor ${name}: [${shape.join(', ')}] does not fit into memory as float32`,
      { cause },
    );
  }
}

/** The type of a tensor that is to be read. @throws SafetensorsError where it is none of those that are */
export function requireFloats(
  file: string,
  name: string,
  entry: Pick<TensorEntry, 'dtype'>,
): (typeof FLOAT_DTYPES)[number] {
  const dtype = FLOAT_DTYPES.find((float) => float === entry.dtype);
  if (dtype) return dtype;
  throw new SafetensorsError(
    `${file}: tensor ${name}: dtype is ${entry.dtype}, expected one of ${FLOAT_DTYPES.join(', ')}`,
  );
}

async function readTensor(
  file: string,
  handle: FileHandle,
  name: string,
  entry: TensorEntry,
): Promise<NamedTensor> {
  const dtype = requireFloats(file, name, entry);
  const data = allocate(file, name, entry);
  if (dtype === 'F32' && endianness() === 'LE') {
    await readExactly(file, handle, new Uint8Array(data.buffer), entry.start, makeError);
    return { shape: entry.shape, data };
  }
  const width = data.length > 0 ? entry.bytes / data.length : 0;
  const chunk = new Uint8Array(Math.min(CHUNK_VALUES, data.length) * width);
  for (let at = 0; at < data.length; at += CHUNK_VALUES) {
    const values = data.subarray(at, at + CHUNK_VALUES);
    const bytes = chunk.subarray(0, values.length * width);
    await readExactly(file, handle, bytes, entry.start + at * width, makeError);
    decodeFloats(dtype, bytes, values);
  }
  return { shape: entry.shape, data };
}

async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openInputFile(file, makeError);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/** Types and shapes of a safetensors file's tensors, by name, without their values. @throws SafetensorsError */
export function readSafetensorsHeader(file: string): Promise<ReadonlyMap<string, TensorEntry>> {
  return withFile(file, (handle) => readHeader(file, handle));
}

/**
 * Reads the tensors of a safetensors file one by one, in the order of the file's header. F32, F16, BF16 and F64 come
 * as float32.
 *
 * @param wanted which tensors to read; by default all
 * @throws SafetensorsError where the file is missing, cut short or damaged, or a wanted tensor is of another type
 */
export async function* readSafetensors(
  file: string,
  wanted: (name: string) => boolean = () => true,
): AsyncGenerator<[name: string, tensor: NamedTensor], void> {
  const handle = await openInputFile(file, makeError);
  try {
    for (const [name, entry] of await readHeader(file, handle)) {
      if (wanted(name)) yield [name, await readTensor(file, handle, name, entry)];
    }
  } finally {
    await handle.close();
  }
}
