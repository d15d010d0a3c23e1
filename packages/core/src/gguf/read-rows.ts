import type { FileHandle } from 'node:fs/promises';
import { type GgufTensor, readGgufBytes } from './read-gguf.js';

/** Values that are converted at a time, about. */
const CHUNK_VALUES = 1 << 20;

/**
 * Reads a tensor's values in float32, some rows at a time, so that no tensor need lie in memory whole. The array that
 * is yielded is used again for the next rows.
 *
 * @param rowsTogether rows that must come in one piece, a divisor of the tensor's rows
 */
export async function* readRows(
  file: string,
  handle: FileHandle,
  tensor: GgufTensor,
  rowsTogether = 1,
): AsyncGenerator<Float32Array, void> {
  const { type, shape } = tensor;
  const rowLength = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, side) => product * side, 1);
  const pieces = Math.max(1, Math.floor(CHUNK_VALUES / (rowLength * rowsTogether)));
  const rowsAtOnce = Math.min(rows, pieces * rowsTogether);
  const rowBytes = (rowLength / type.valuesPerBlock) * type.bytesPerBlock;
  const values = new Float32Array(rowsAtOnce * rowLength);
  const bytes = new Uint8Array(rowsAtOnce * rowBytes);
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - row);
    const piece = values.subarray(0, count * rowLength);
    type.dequantise(
      await readGgufBytes(file, handle, bytes.subarray(0, count * rowBytes), tensor.start + row * rowBytes),
      piece,
    );
    yield piece;
  }
}
