import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { UsageError } from '../cli-error.js';

/** Largest benchmark that is read, in bytes; a larger one is taken for a mistake. */
const MAX_BYTES = 2 ** 29 - 1;

/**
 * Text of a benchmark's file, decompressed where its name ends in `.gz`.
 *
 * @throws UsageError naming the file where it cannot be read or is too large
 */
export async function benchmarkText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    const text = file.endsWith('.gz')
      ? await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES })
      : bytes;
    if (text.length > MAX_BYTES) throw new Error(`has more than ${MAX_BYTES} bytes`);
    return text.toString('utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'not found' : `cannot be read (${message})`;
    throw new UsageError(`${file}: ${reason}; give a JSONL file of questions`, { cause });
  }
}
