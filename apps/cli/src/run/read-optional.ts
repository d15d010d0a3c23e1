import { readFile } from 'node:fs/promises';
import { RunFolderError } from '../cli-error.js';

/** Text of a run's file, where it is there. */
export async function readOptionalText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * What a run's file holds, where it is there.
 *
 * @throws RunFolderError naming a file that `parseText` cannot read
 */
export async function readOptional<T>(
  file: string,
  parseText: (text: string) => unknown,
): Promise<T | undefined> {
  const text = await readOptionalText(file);
  if (text === undefined) return undefined;
  try {
    return parseText(text) as T;
  } catch (cause) {
    throw new RunFolderError(`${file}: cannot be read (${(cause as Error).message.split('\n')[0]})`, {
      cause,
    });
  }
}
