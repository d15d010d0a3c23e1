// Runs a README's first example against the installed package, after checking its types.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { run } from '../run.mjs';
import { root } from '../workspace.mjs';

const EXAMPLE_LIMIT_SECONDS = 120;

/** The first fenced `ts` block that imports the package itself, or undefined. */
function firstExample(name, directory) {
  const readme = join(directory, 'README.md');
  if (!existsSync(readme)) return undefined;
  const blocks = readFileSync(readme, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm);
  return [...blocks].map(([, code]) => code).find((code) => code.includes(`'${name}'`));
}

/**
 * @param {string} folder one into which the package was installed
 * @returns {Promise<string | undefined>} what is wrong
 */
export async function runReadmeExample(name, directory, folder) {
  const code = firstExample(name, directory);
  if (code === undefined) return `its README has no \`\`\`ts block that imports '${name}'`;

  writeFileSync(join(folder, 'example.mts'), `${code}\nexport {};\n`);
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext'];
  const types = await run(
    join(root, 'node_modules', '.bin', 'tsc'),
    [...flags, '--typeRoots', join(root, 'node_modules', '@types'), '--types', 'node', 'example.mts'],
    { cwd: folder },
  );
  if (!types.ok) return `the README's example does not typecheck:\n${types.output}`;

  const { code: javascript } = await transform(code, { loader: 'ts', format: 'esm', target: 'node20' });
  writeFileSync(join(folder, 'example.mjs'), javascript);
  const { ok, output } = await run(process.execPath, ['example.mjs'], {
    cwd: folder,
    timeoutSeconds: EXAMPLE_LIMIT_SECONDS,
  });
  return ok ? undefined : `the README's example fails:\n${output}`;
}
