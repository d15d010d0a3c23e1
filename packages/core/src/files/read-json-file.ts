import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { MidtrainError } from '../errors.js';

/** A file that is not there, cannot be read, or does not hold what it should. */
export class InputFileError extends MidtrainError {
  readonly code = 'invalid_file';
}

/** Makes the error that a file's own concept throws. */
export type MakeFileError = (message: string, options?: ErrorOptions) => Error;

const inputFileError: MakeFileError = (message, options) => new InputFileError(message, options);

/** Where in a file, and what is wrong: the first of a schema's complaints, as `a.b: expected …`. */
function firstIssue(error: z.ZodError): string {
  const { path, message } = error.issues[0];
  return path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message;
}

/**
 * Reads a JSON file and checks it with a schema.
 *
 * @param makeError makes what is thrown, by default an {@link InputFileError}
 * @throws where the file is missing, unreadable, no JSON or not as the schema has it; the message starts with the path
 */
export async function readJsonFile<T>(
  file: string,
  schema: z.ZodType<T>,
  makeError: MakeFileError = inputFileError,
): Promise<T> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing ? 'not found' : `cannot be read (${(cause as Error).message})`;
    throw makeError(`${file}: ${reason}`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw makeError(`${file}: is not valid JSON (${(cause as Error).message})`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw makeError(`${file}: ${firstIssue(parsed.error)}`, { cause: parsed.error });
  return parsed.data;
}

/** As {@link readJsonFile}, for a file that need not be there. */
export async function readOptionalJsonFile<T>(
  file: string,
  schema: z.ZodType<T>,
  makeError?: MakeFileError,
): Promise<T | undefined> {
  try {
    return await readJsonFile(file, schema, makeError);
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    if (cause?.code === 'ENOENT') return undefined;
    throw error;
  }
}
