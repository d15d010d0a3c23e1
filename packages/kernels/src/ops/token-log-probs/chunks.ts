/** Logits that one chunk of rows holds at a time, roughly. */
const CHUNK_LOGITS = 2 ** 20;
const MIN_ROWS = 128;
const MAX_ROWS = 1024;

/** Rows of a chunk: enough for a fast matrix product, few enough that the logits stay small. */
export function defaultChunkTokens(vocabularySize: number): number {
  return Math.max(MIN_ROWS, Math.min(MAX_ROWS, Math.round(CHUNK_LOGITS / vocabularySize)));
}

/** [start, count] of every chunk of `total` rows. */
export function chunksOf(total: number, size: number): readonly (readonly [start: number, count: number])[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => {
    const start = index * size;
    return [start, Math.min(size, total - start)] as const;
  });
}
