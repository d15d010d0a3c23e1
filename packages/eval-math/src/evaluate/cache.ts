import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvalMathError } from '../errors.js';

/** Where generated texts are kept, so that an evaluation goes on where it stopped. */
export interface Cache {
  /** The text kept under a key, or `null`. Throws `INVALID_CACHE` where its file is damaged. */
  read(key: string): Promise<string | null>;
  /** Keeps a text: written beside its place and renamed, so that it is there whole or not at all. */
  write(key: string, text: string): Promise<void>;
}

/** A cache of one file a text in a folder, which is made when the first text comes. */
export function diskCache(folder: string): Cache {
  const pathOf = (key: string): string =>
    join(folder, `${createHash('sha256').update(key).digest('hex')}.json`);
  return {
    async read(key) {
      const path = pathOf(key);
      const json = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw new EvalMathError('INVALID_CACHE', `${path}: cannot be read`, { cause: error });
      });
      return json === null ? null : parse(json, key, path);
    },
    async write(key, text) {
      await mkdir(folder, { recursive: true });
      const path = pathOf(key);
      const beside = `${path}.${randomUUID()}.tmp`;
      await writeFile(beside, JSON.stringify({ key, text }));
      await rename(beside, path);
    },
  };
}

function parse(json: string, key: string, path: string): string {
  try {
    const entry = JSON.parse(json) as { key?: unknown; text?: unknown };
    if (entry.key === key && typeof entry.text === 'string') return entry.text;
  } catch (cause) {
    throw new EvalMathError('INVALID_CACHE', `${path}: damaged; delete it to generate its text again`, {
      cause,
    });
  }
  throw new EvalMathError('INVALID_CACHE', `${path}: of another form; delete it to generate its text again`);
}
