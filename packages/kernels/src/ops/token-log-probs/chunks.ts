/** How many logits a backend likes to hold at a time, and the fewest and most rows that they may make. */
export interface ChunkLimits {
  readonly logits: number;
  readonly minRows: number;
  readonly maxRows: number;
}

/** For backends that hide the cost of each operation behind large ones. */
export const REFERENCE_CHUNKS: ChunkLimits = { logits: 2 ** 20, minRows: 128, maxRows: 1024 };

/** Rows of a chunk: enough for a fast matrix product, few enough that the logits stay small. */
export const rowsOfChunk = (vocabularySize: number, { logits, minRows, maxRows }: ChunkLimits): number =>
  Math.max(minRows, Math.min(maxRows, Math.round(logits / vocabularySize)));

/** [start, count] of every chunk of `total` rows. */
export function chunksOf(total: number, size: number): readonly (readonly [start: number, count: number])[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => {
    const start = index * size;
    return [start, Math.min(size, total - start)] as const;
  });
}
