import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CorpusError } from './corpus-error.js';

/** Longer lines are taken for a damaged file; it is the size of the largest string that V8 holds, about. */
const MAX_LINE_BYTES = 2 ** 29;
const LINE_FEED = 0x0a;

function readChunks(file: string): AsyncIterable<Buffer> {
  const stream = createReadStream(file, { highWaterMark: 1 << 18 });
  if (!file.endsWith('.gz')) return stream;
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  // Closes both ends when the reader stops early; a failure is thrown to the reader by the stream itself.
  pipeline(stream, gunzip, () => {});
  return gunzip;
}

function decodeLine(file: string, line: number, parts: readonly Buffer[]): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: line > 1 }).decode(Buffer.concat(parts));
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  } catch (cause) {
    throw new CorpusError('unreadable_corpus', `${file}:${line}: is not valid UTF-8; convert the file`, {
      cause,
    });
  }
}

/**
 * Reads a text file line by line, decompressed where its name ends in `.gz`. Line ends are LF or CRLF; a byte order
 * mark at the start is left out.
 *
 * @throws CorpusError where the file is missing, unreadable, damaged or not UTF-8
 */
export async function* readLines(file: string): AsyncGenerator<string, void> {
  let line = 1;
  let parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of readChunks(file)) {
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        parts.push(chunk.subarray(start, end));
        yield decodeLine(file, line, parts);
        line++;
        parts = [];
        bytes = 0;
        start = end + 1;
      }
      parts.push(chunk.subarray(start));
      bytes += chunk.length - start;
      if (bytes > MAX_LINE_BYTES) {
        throw new CorpusError(
          'unreadable_corpus',
          `${file}:${line}: has more than ${MAX_LINE_BYTES} bytes; split it`,
        );
      }
    }
    if (bytes > 0) yield decodeLine(file, line, parts);
  } catch (cause) {
    if (cause instanceof CorpusError || !(cause as NodeJS.ErrnoException).code) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing ? 'not found' : `cannot be read at line ${line} (${(cause as Error).message})`;
    throw new CorpusError('unreadable_corpus', `${file}: ${reason}`, { cause });
  }
}
