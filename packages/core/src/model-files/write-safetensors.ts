import { endianness } from 'node:os';
import { writeAtomically } from '../files/write-atomically.js';
import { type NamedTensor, sizeOfShape } from './named-tensor.js';
import { SafetensorsError } from './safetensors-error.js';

/** Tensors by name: a record, a map or pairs. */
export type NamedTensors =
  | Readonly<Record<string, NamedTensor>>
  | Iterable<readonly [name: string, tensor: NamedTensor]>;

function pairsOf(tensors: NamedTensors): Iterable<readonly [string, NamedTensor]> {
  return isIterable(tensors) ? tensors : Object.entries(tensors);
}

function isIterable(tensors: NamedTensors): tensors is Iterable<readonly [string, NamedTensor]> {
  return Symbol.iterator in tensors;
}

/** Header JSON, padded with spaces so that the data starts at a multiple of 8 bytes, after its length. */
function encodeHeader(header: ReadonlyMap<string, unknown>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

function littleEndianBytes(data: Float32Array): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (endianness() === 'LE') return bytes;
  return Buffer.from(bytes).swap32();
}

/**
 * Writes tensors as float32 to a safetensors file that transformers and vLLM load, whole or not at all.
 *
 * @throws SafetensorsError where a name comes twice or a shape does not fit its values; DiskFullError, WriteError
 */
export async function writeSafetensors(file: string, tensors: NamedTensors): Promise<void> {
  const header = new Map<string, unknown>([['__metadata__', { format: 'pt' }]]);
  const values: Float32Array[] = [];
  let end = 0;
  for (const [name, { shape, data }] of pairsOf(tensors)) {
    if (header.has(name)) {
      throw new SafetensorsError(
        `${file}: tensor ${name} is given twice, or its name is reserved; give each one once`,
      );
    }
    if (sizeOfShape(shape) !== data.length) {
      throw new SafetensorsError(
        `${file}: tensor ${name}: shape [${shape.join(', ')}] has ${sizeOfShape(shape)} values, but ${data.length} are given`,
      );
    }
    const start = end;
    end += data.byteLength;
    header.set(name, { dtype: 'F32', shape, data_offsets: [start, end] });
    values.push(data);
  }
  await writeAtomically(file, async (handle) => {
    await handle.writeFile(encodeHeader(header));
    for (const data of values) await handle.writeFile(littleEndianBytes(data));
  });
}
