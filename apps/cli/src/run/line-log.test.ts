import { appendFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLineLog, readLines } from './line-log.js';

const folder = await mkdtemp(join(tmpdir(), 'midtrain-'));

test('grows by lines, and goes on where it was', async () => {
  const file = join(folder, 'deep', 'lines.jsonl');
  for (const part of [[{ a: 1 }], [], [{ a: 2 }, { a: '\n' }]]) {
    const log = await openLineLog(file);
    await log.append(...part);
    await log.close();
  }
  expect(await readLines(file)).toEqual([{ a: 1 }, { a: 2 }, { a: '\n' }]);
});

test('a last line that was cut off is not read', async () => {
  const file = join(folder, 'cut.jsonl');
  await appendFile(file, '{"a":1}\n{"a":');
  expect(await readLines(file)).toEqual([{ a: 1 }]);
  expect(await readLines(join(folder, 'none.jsonl'))).toEqual([]);
});
