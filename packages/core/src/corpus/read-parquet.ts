import { access } from 'node:fs/promises';
import type { CorpusRecord } from './corpus.js';
import { CorpusError } from './corpus-error.js';

/** Rows that lie in memory at a time. */
const ROWS_AT_A_TIME = 1024;

/** Reads the rows of a parquet file, a slice at a time. @throws CorpusError where it is missing or damaged */
export async function* readParquet(file: string): AsyncGenerator<CorpusRecord, void> {
  // Loaded on use: both are ES modules only, which CommonJS cannot require on every Node 20.
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const failed = (cause: unknown) => {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing ? 'not found' : `cannot be read as parquet (${(cause as Error).message})`;
    return new CorpusError('unreadable_corpus', `${file}: ${reason}`, { cause });
  };

  await access(file).catch((cause) => {
    throw failed(cause);
  });
  const open = async () => {
    const buffer = await asyncBufferFromFile(file);
    return { buffer, metadata: await parquetMetadataAsync(buffer) };
  };
  const { buffer, metadata } = await open().catch((cause) => {
    throw failed(cause);
  });
  const rows = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < rows; rowStart += ROWS_AT_A_TIME) {
    const rowEnd = Math.min(rowStart + ROWS_AT_A_TIME, rows);
    const slice = await parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd }).catch(
      (cause) => {
        throw failed(cause);
      },
    );
    for (const [i, fields] of slice.entries()) yield { line: rowStart + i + 1, fields };
  }
}
