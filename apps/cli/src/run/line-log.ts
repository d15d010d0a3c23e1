import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DiskFullError, WriteError } from '@midtrain/core';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** A file that grows by whole lines of JSON. */
export interface LineLog {
  append(...values: readonly unknown[]): Promise<void>;
  /** Waits until the disk has all of it. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file of JSON lines to append to. Where a write fails, what it wrote of a line is taken back.
 *
 * @throws DiskFullError, WriteError
 */
export async function openLineLog(file: string): Promise<LineLog> {
  const failed = (cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    return code !== undefined && FULL.has(code)
      ? new DiskFullError(`${file}: the disk is full (${code}); free some space and resume`, { cause })
      : new WriteError(`${file}: cannot be written (${message})`, { cause });
  };
  const attempt = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (cause) {
      throw failed(cause);
    }
  };
  const handle = await attempt(async () => {
    await mkdir(dirname(file), { recursive: true });
    return open(file, 'a');
  });
  let { size } = await handle.stat();
  return {
    async append(...values) {
      if (values.length === 0) return;
      const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
      try {
        await handle.appendFile(bytes);
        size += bytes.length;
      } catch (cause) {
        await handle.truncate(size).catch(() => undefined);
        throw failed(cause);
      }
    },
    sync: () => attempt(() => handle.sync()),
    close: () => attempt(() => handle.close()),
  };
}

/** Reads a file of JSON lines; a last line that was cut off is left out. An absent file has no lines. */
export async function readLines<T>(file: string): Promise<T[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
