// Runs the examples of a README against installed packages, after checking their types.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { run } from '../run.mjs';
import { root } from '../workspace.mjs';

const EXAMPLE_LIMIT_SECONDS = 120;

/**
 * The fenced `ts` and `js` blocks of a README, in order; none where there is no such file.
 * @returns {{ language: string, code: string }[]}
 */
export function readmeExamples(readme) {
  if (!existsSync(readme)) return [];
  const blocks = readFileSync(readme, 'utf8').matchAll(/^```(ts|js)\n([\s\S]*?)^```/gm);
  return [...blocks].map(([, language, code]) => ({ language, code }));
}

async function typeProblem(code, folder) {
  writeFileSync(join(folder, 'example.mts'), `${code}\nexport {};\n`);
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext'];
  const types = ['--typeRoots', join(root, 'node_modules', '@types'), '--types', 'node'];
  const { ok, output } = await run('tsc', [...flags, ...types, 'example.mts'], { cwd: folder });
  return ok ? undefined : `it does not typecheck:\n${output}`;
}

/**
 * Typechecks (where it is TypeScript) and runs one example, as a file of a folder into which its packages were installed.
 * @returns {Promise<string | undefined>} what is wrong
 */
export async function runExample({ language, code }, folder) {
  const problem = language === 'ts' ? await typeProblem(code, folder) : undefined;
  if (problem) return problem;
  const { code: javascript } = await transform(code, { loader: 'ts', format: 'esm', target: 'node20' });
  writeFileSync(join(folder, 'example.mjs'), javascript);
  const { ok, output } = await run(process.execPath, ['example.mjs'], {
    cwd: folder,
    timeoutSeconds: EXAMPLE_LIMIT_SECONDS,
  });
  return ok ? undefined : `it fails:\n${output}`;
}
