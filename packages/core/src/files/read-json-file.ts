import type { z } from 'zod';
import { InputFileError, type MakeFileError } from './input-file-error.js';
import { openInputFile, readExactly } from './open-input-file.js';

/** Above every published file of the kinds that are read: the largest tokenizers have 35 MB. */
const MAX_JSON_BYTES = 64 << 20;

const inputFileError: MakeFileError = (message, options) => new InputFileError(message, options);

/** Where in a file, and what is wrong: the first of a schema's complaints, as `a.b: expected …`. */
function firstIssue(error: z.ZodError): string {
  const { path, message } = error.issues[0];
  return path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message;
}

async function readText(file: string, maxBytes: number, makeError: MakeFileError): Promise<string> {
  const handle = await openInputFile(file, makeError);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw makeError(`${file}: has ${size} bytes, expected at most ${maxBytes}`);
    return new TextDecoder().decode(await readExactly(file, handle, new Uint8Array(size), 0, makeError));
  } finally {
    await handle.close();
  }
}

/**
 * Reads a JSON file and checks it with a schema.
 *
 * @param makeError makes what is thrown, by default an {@link InputFileError}
 * @param maxBytes what is larger is refused before it is read; the default is for files that may come from anyone
 * @throws where the file is missing, unreadable, no JSON or not as the schema has it; the message starts with the path
 */
export async function readJsonFile<T>(
  file: string,
  schema: z.ZodType<T>,
  makeError: MakeFileError = inputFileError,
  maxBytes = MAX_JSON_BYTES,
): Promise<T> {
  const text = await readText(file, maxBytes, makeError);
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
