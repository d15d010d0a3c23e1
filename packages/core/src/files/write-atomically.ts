import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writing } from './write-error.js';

/** Makes a rename inside the folder last through a power cut. Windows has no such call, nor the need. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file beside its place, flushes it to the disk and renames it: readers see the old file or the new one,
 * never a part. Missing folders are made.
 *
 * @throws DiskFullError, WriteError
 */
export async function writeAtomically(
  path: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const directory = dirname(path);
  const beside = join(directory, `.${basename(path)}.${randomUUID()}.partial`);
  await writing(path, async () => {
    await mkdir(directory, { recursive: true });
    try {
      const file = await open(beside, 'wx');
      try {
        await write(file);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    await syncDirectory(directory);
  });
}

/** Writes a text or bytes with {@link writeAtomically}. @throws DiskFullError, WriteError */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await writeAtomically(path, (file) => file.writeFile(content));
}

/** Writes a value as indented JSON with {@link writeAtomically}. @throws DiskFullError, WriteError */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}
