import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeAtomically, writeFileAtomic, writeJsonFile } from './write-atomically.js';
import { DiskFullError, WriteError } from './write-error.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(directory, { recursive: true }));

const systemError = (code: string) => Object.assign(new Error(`${code}: from the system`), { code });

it('writes a file, and the folders above it', async () => {
  const path = join(directory, 'a', 'b', 'c.json');
  await writeJsonFile(path, { x: 1 });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ x: 1 });
  expect(await readdir(join(directory, 'a', 'b'))).toEqual(['c.json']);
});

it.each([
  ['ENOSPC', DiskFullError, 'disk_full'],
  ['EDQUOT', DiskFullError, 'disk_full'],
  ['EIO', WriteError, 'cannot_write'],
])('keeps the old file and leaves no part of the new one at %s', async (code, kind, literal) => {
  const path = join(directory, 'x.bin');
  await writeFileAtomic(path, 'old');
  const failure = writeAtomically(path, async (file) => {
    await file.writeFile('half');
    throw systemError(code);
  });
  await expect(failure).rejects.toThrow(kind);
  await expect(failure).rejects.toMatchObject({
    code: literal,
    exitCode: 1,
    message: expect.stringContaining(path),
  });
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(directory)).toEqual(['x.bin']);
});

it('passes other errors on', async () => {
  const path = join(directory, 'x.bin');
  const error = new TypeError('a bug');
  await expect(writeAtomically(path, () => Promise.reject(error))).rejects.toBe(error);
  expect(await readdir(directory)).toEqual([]);
});

it('says so where the folder is a file', async () => {
  await writeFile(join(directory, 'file'), '');
  await expect(writeFileAtomic(join(directory, 'file', 'x'), '')).rejects.toThrow(WriteError);
});

it('says so on a disk that is really full', { skip: process.platform !== 'linux' }, async () => {
  const { open } = await import('node:fs/promises');
  const full = await open('/dev/full', 'w');
  const failure = writeAtomically(join(directory, 'x'), () => full.writeFile('x'));
  await expect(failure).rejects.toThrow(DiskFullError);
  await full.close();
});
