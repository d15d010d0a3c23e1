// Runs the examples of a README against installed packages, after checking their types.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { run } from '../run.mjs';
import { root } from '../workspace.mjs';

const EXAMPLE_LIMIT_SECONDS = 120;

/**
 * The fenced `ts` blocks of a README, in order.
 * @returns {string[]} none when there is no such file
 */
export function readmeExamples(readme) {
  if (!existsSync(readme)) return [];
  return [...readFileSync(readme, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code);
}

/**
 * Typechecks and runs one example, as a file of a folder into which its packages were installed.
 * @returns {Promise<string | undefined>} what is wrong
 */
export async function runExample(code, folder) {
  writeFileSync(join(folder, 'example.mts'), `${code}\nexport {};\n`);
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext'];
  const types = await run(
    'tsc',
    [...flags, '--typeRoots', join(root, 'node_modules', '@types'), '--types', 'node', 'example.mts'],
    { cwd: folder },
  );
  if (!types.ok) return `it does not typecheck:\n${types.output}`;

  const { code: javascript } = await transform(code, { loader: 'ts', format: 'esm', target: 'node20' });
  writeFileSync(join(folder, 'example.mjs'), javascript);
  const { ok, output } = await run(process.execPath, ['example.mjs'], {
    cwd: folder,
    timeoutSeconds: EXAMPLE_LIMIT_SECONDS,
  });
  return ok ? undefined : `it fails:\n${output}`;
}
