/**
 * Puts a Llama's query or key rows back in Hugging Face's order. llama.cpp rotates neighbouring dimensions of a head
 * (2i, 2i+1), Hugging Face those half a head apart (i, i + D/2), so its converter reorders each head's rows.
 *
 * @param rows_N_I rows of whole heads, as stored in GGUF; rewritten in place
 * @param rowLength I, 1 for a bias
 */
export function unpermute(rows_N_I: Float32Array, headDim: number, rowLength: number): void {
  const half = headDim / 2;
  const size = headDim * rowLength;
  for (let start = 0; start < rows_N_I.length; start += size) {
    const head = rows_N_I.slice(start, start + size);
    for (let row = 0; row < headDim; row++) {
      const stored = 2 * (row % half) + Math.floor(row / half);
      rows_N_I.set(head.subarray(stored * rowLength, (stored + 1) * rowLength), start + row * rowLength);
    }
  }
}
