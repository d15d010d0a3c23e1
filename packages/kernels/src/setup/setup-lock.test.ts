import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { holdLock } from './setup-lock.js';

const folder = mkdtempSync(join(tmpdir(), 'midtrain-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'some.lock');

describe('holdLock', () => {
  test('holds one for this process until it is given back, and leaves nothing else', () => {
    const unlock = holdLock(path);
    expect(readFileSync(path, 'utf8')).toBe(String(process.pid));
    expect(readdirSync(folder)).toEqual(['some.lock']);
    expect(() => holdLock(path)).toThrow(`process ${process.pid} is at it already`);
    unlock();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    // Above what Linux and macOS give to processes.
    ['of a process that is no more', String(2 ** 30)],
    ['with nothing in it', ''],
  ])('takes over a lock %s', (_, content) => {
    writeFileSync(path, content);
    const unlock = holdLock(path);
    expect(readFileSync(path, 'utf8')).toBe(String(process.pid));
    unlock();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
