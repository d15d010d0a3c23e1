import { writeAtomically } from '../files/write-atomically.js';
import { sizeOfShape } from './named-tensor.js';
import { BYTES_OF_DTYPE, encodeFloats, type WrittenDtype } from './safetensors-dtype.js';
import { SafetensorsError } from './safetensors-error.js';
import { type NamedTensors, type TensorSource, tensorSource } from './tensor-source.js';

/** Header JSON, padded with spaces so that the data starts at a multiple of 8 bytes, after its length. */
function encodeHeader(header: ReadonlyMap<string, unknown>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/**
 * Writes tensors to a safetensors file that transformers and vLLM load, whole or not at all, one after the other.
 *
 * @param dtype how the values are stored; bfloat16 rounds them to the nearest
 * @throws SafetensorsError where a name comes twice or a shape does not fit its values; DiskFullError, WriteError
 */
export async function writeSafetensors(
  file: string,
  tensors: NamedTensors | TensorSource,
  dtype: WrittenDtype = 'F32',
): Promise<void> {
  const { shapes, values } = tensorSource(file, tensors);
  const header = new Map<string, unknown>([['__metadata__', { format: 'pt' }]]);
  const sizes = new Map<string, number>();
  let end = 0;
  for (const [name, shape] of shapes) {
    if (header.has(name)) {
      throw new SafetensorsError(
        `${file}: tensor ${name} is given twice, or its name is reserved; give each one once`,
      );
    }
    const start = end;
    sizes.set(name, sizeOfShape(shape));
    end += sizeOfShape(shape) * (BYTES_OF_DTYPE.get(dtype) as number);
    header.set(name, { dtype, shape, data_offsets: [start, end] });
  }
  await writeAtomically(file, async (handle) => {
    await handle.writeFile(encodeHeader(header));
    for (const [name, size] of sizes) {
      let written = 0;
      for await (const piece of values(name)) {
        await handle.writeFile(encodeFloats(dtype, piece));
        written += piece.length;
      }
      if (written === size) continue;
      throw new SafetensorsError(
        `${file}: tensor ${name}: its shape has ${size} values, but ${written} are given`,
      );
    }
  });
}
