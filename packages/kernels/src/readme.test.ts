import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(root, 'node_modules', '.readme-'));

afterAll(() => rmSync(folder, { recursive: true }));

it('runs the example of the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] as string;
  const expected = /console\.log\(.*\/\/ (.*)/.exec(example)?.[1];
  writeFileSync(join(folder, 'example.mjs'), example.replace("'@midtrain/kernels'", "'../../dist/index.js'"));
  const printed = execFileSync(process.execPath, [join(folder, 'example.mjs')], { encoding: 'utf8' });
  expect(printed.trim()).toBe(expected);
});
