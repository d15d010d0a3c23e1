import { appendFile, readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../files/write-atomically.js';
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

/** The text up to its last line feed, by lines: what stands after it was cut off. */
function completeLines(text: string): string[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}

/**
 * Makes a file of JSON lines ready to go on with: takes away a partial last line, and the lines from the first on that
 * `keepWhile` refuses, such as the steps after the checkpoint. The file is replaced whole, or left where nothing
 * changes; one that is not there is left so.
 *
 * @returns how many lines stay
 * @throws CheckpointError naming the line where one but the last is no JSON; DiskFullError, WriteError
 */
export async function truncateJsonLines(
  file: string,
  keepWhile: (value: unknown) => boolean,
): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return 0;
  const kept: string[] = [];
  for (const line of completeLines(text)) {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new CheckpointError(`${file}:${kept.length + 1}: is not valid JSON; remove this line to go on`, {
        cause,
      });
    }
    if (!keepWhile(value)) break;
    kept.push(`${line}\n`);
  }
  const content = kept.join('');
  if (content !== text) await writeFileAtomic(file, content);
  return kept.length;
}
