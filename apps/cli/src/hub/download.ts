import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { writing } from '@midtrain/core';
import type { HubFile } from './choose-files.js';
import { digestOf, hashFile } from './content-digest.js';
import { DownloadError } from './hub-error.js';

/** Tries in a row that bring nothing, before it is given up. */
const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 200;

/** Gives a file's bytes from a place on. */
type ReadFrom = (file: HubFile, from: number) => Promise<ReadableStream<Uint8Array>>;

export interface DownloadOptions {
  readonly read: ReadFrom;
  /** Called with the bytes that are there, also those of an earlier try. */
  readonly onProgress?: (bytes: number) => void;
}

/** How a file came to be there. */
export type Arrival = 'downloaded' | 'resumed' | 'kept';

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

/** Whether the content is what the hub announced, as far as it announced it. */
async function isWhole(path: string, file: HubFile): Promise<boolean> {
  if ((await sizeOf(path)) !== file.size) return false;
  const digest = digestOf(file);
  return digest === undefined || (await hashFile(path, digest)) === digest.expected;
}

/** Appends what is missing of a partial file. @returns how many bytes came */
async function append(partial: string, file: HubFile, options: DownloadOptions): Promise<number> {
  const from = (await sizeOf(partial)) ?? 0;
  let done = from;
  const handle = await open(partial, 'a');
  try {
    const stream = await options.read(file, from);
    for await (const chunk of stream) {
      if (done + chunk.length > file.size) {
        // What is there may be wrong already, as from a server that does not go on where it is asked to.
        await handle.truncate(0);
        throw new DownloadError(
          `${file.path}: more than the ${file.size} bytes that the hub lists came; it changed there, run again`,
        );
      }
      await handle.writeFile(chunk);
      done += chunk.length;
      options.onProgress?.(done);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return done - from;
}

/** Whether trying again may help: the connection broke, or the server is busy. */
function isPassing(error: unknown): boolean {
  const { statusCode } = error as { readonly statusCode?: number };
  if (statusCode !== undefined) return statusCode >= 500 || statusCode === 429;
  return error instanceof TypeError || /terminated|aborted|socket|ECONN/i.test(String(error));
}

async function complete(partial: string, file: HubFile, options: DownloadOptions): Promise<void> {
  let tries = 0;
  while (((await sizeOf(partial)) ?? -1) < file.size) {
    const before = (await sizeOf(partial)) ?? 0;
    try {
      await append(partial, file, options);
    } catch (error) {
      if (!isPassing(error) || tries + 1 >= MOST_TRIES) throw error;
    }
    const now = await sizeOf(partial);
    if (now === file.size) return;
    tries = now !== undefined && now > before ? 0 : tries + 1;
    if (tries >= MOST_TRIES) {
      throw new DownloadError(
        `${file.path}: the hub gave ${now ?? 0} bytes of the ${file.size} that it lists; run again to go on`,
      );
    }
    await wait(FIRST_PAUSE_MS * 2 ** tries);
  }
}

/**
 * Brings one file into a folder: goes on with a partial one of the same content, checks size and hash, and renames it
 * into its place when whole. A file that is there already and right is left alone.
 *
 * @throws DownloadError where the content is not what the hub lists, or the connection keeps breaking; the partial file
 *   stays for the next run
 */
export async function downloadInto(
  folder: string,
  file: HubFile,
  options: DownloadOptions,
): Promise<Arrival> {
  const target = join(folder, basename(file.path));
  const identity = (file.lfs?.oid ?? file.oid ?? `${file.size}`).replace(/[^0-9a-z]/gi, '').slice(0, 16);
  const partial = join(folder, `.${basename(file.path)}.${identity}.partial`);
  return writing(target, async () => {
    await mkdir(dirname(target), { recursive: true });
    if (await isWhole(target, file)) {
      options.onProgress?.(file.size);
      return 'kept';
    }
    const there = (await sizeOf(partial)) ?? 0;
    if (there > file.size) await rm(partial);
    await complete(partial, file, options);
    if (!(await isWhole(partial, file))) {
      await rm(partial, { force: true });
      throw new DownloadError(
        `${file.path}: its ${digestOf(file)?.algorithm} is not the one that the hub lists; it was removed, run again`,
      );
    }
    await rename(partial, target);
    return there > 0 && there <= file.size ? 'resumed' : 'downloaded';
  });
}
