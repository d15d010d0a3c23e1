import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(root, 'node_modules', '.readme-'));

afterAll(() => rmSync(folder, { recursive: true }));

const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('README: its example runs, learns to read, and shortens its thoughts to the budget', () => {
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] as string;
  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  writeFileSync(join(folder, 'example.mjs'), outputText.replace("'@midtrain/core'", "'../../dist/index.js'"));
  const printed = execFileSync(process.execPath, [join(folder, 'example.mjs')], { encoding: 'utf8' });
  const losses = [...printed.matchAll(/^step \d+: (\S+) nats a token$/gm)].map(([, nats]) => Number(nats));
  const thoughts = [...printed.matchAll(/^step \d+: \d+ % right after (\S+) of (\d+) tokens$/gm)].map(
    ([, length, budget]) => ({ length: Number(length), budget: Number(budget) }),
  );
  // Untrained it knows nothing: ln(130) nats. The digits of the sums it can never know.
  expect(losses).toHaveLength(4);
  expect(losses[0]).toBeCloseTo(Math.log(130), 0);
  expect(losses[3]).toBeLessThan(1);
  expect(thoughts.map(({ budget }) => budget)).toEqual(
    [0, 13, 26, 39].map((t) => Math.floor(8 * 0.25 ** (t / 40))),
  );
  expect(thoughts[3].length).toBeLessThan(thoughts[0].length);
  // What the README shows was printed by this example, on one machine; others round differently.
  const shown = /```text\n([\s\S]*?)```/.exec(readme)?.[1] as string;
  const form = (text: string) => text.replace(/[\d.]+/g, '#');
  expect(form(shown)).toBe(form(printed));
}, 120_000);
