import { createReadStream } from 'node:fs';
import { appendFile, open, stat } from 'node:fs/promises';
import { writing } from '../files/write-error.js';
import { CheckpointError } from './checkpoint-error.js';

/**
 * Appends a value as one line of JSON. A process killed meanwhile leaves at most a partial last line, which
 * {@link truncateJsonLines} takes away.
 *
 * @throws DiskFullError, WriteError
 */
export async function appendJsonLine(file: string, value: unknown): Promise<void> {
  await writing(file, () => appendFile(file, `${JSON.stringify(value)}\n`));
}

const LINE_FEED = 0x0a;

/** The lines of a file that end with a line feed, in bytes, without it: what stands after the last was cut off. */
async function* completeLines(file: string): AsyncGenerator<Buffer, void> {
  let begun: Buffer[] = [];
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      const rest = chunk.subarray(from, end);
      yield begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
      begun = [];
      from = end + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
}

function parseLine(file: string, number: number, line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch (cause) {
    throw new CheckpointError(`${file}:${number}: is not valid JSON; remove this line to go on`, { cause });
  }
}

/** How many lines from the start are kept, and the bytes that they take. */
async function keptPart(
  file: string,
  keepWhile: (value: unknown) => boolean,
): Promise<{ lines: number; bytes: number }> {
  const kept = { lines: 0, bytes: 0 };
  for await (const line of completeLines(file)) {
    if (!keepWhile(parseLine(file, kept.lines + 1, line))) break;
    kept.lines += 1;
    kept.bytes += line.length + 1;
  }
  return kept;
}

/** Cuts a file off in one step, flushed to the disk; one that is as long stays untouched. */
async function cutOff(file: string, bytes: number): Promise<void> {
  if ((await stat(file)).size === bytes) return;
  const handle = await open(file, 'r+');
  try {
    await handle.truncate(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes a file of JSON lines ready to go on with: takes away a partial last line, and the lines from the first on that
 * `keepWhile` refuses, such as the steps after the checkpoint. The file is read line by line, however long it is, and
 * cut off in one step, or left where nothing changes; one that is not there is left so.
 *
 * @returns how many lines stay
 * @throws CheckpointError naming the line where one but the last is no JSON; DiskFullError, WriteError
 */
export async function truncateJsonLines(
  file: string,
  keepWhile: (value: unknown) => boolean,
): Promise<number> {
  try {
    const { lines, bytes } = await keptPart(file, keepWhile);
    await writing(file, () => cutOff(file, bytes));
    return lines;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
