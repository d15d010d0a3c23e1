// Installs one package into an empty folder, as somebody who found it on npm would.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.mjs';
import { toolEnv } from '../workspace.mjs';

const INSTALL_LIMIT_SECONDS = 240;

/**
 * Installs with npm from the package's tarball; the workspace's other packages come from their tarballs too.
 *
 * @param {string} name
 * @param {Map<string, string>} tarballs from `packAll`
 * @param {string} folder made anew
 * @param {{ fetchCuda: boolean }} options `fetchCuda: false` tells onnxruntime-node's install script to leave its CUDA
 *   parts alone. With true it tries to download them, and npm drops this optional dependency where it cannot.
 * @returns {Promise<string | undefined>} why the install failed
 */
export async function installAlone(name, tarballs, folder, { fetchCuda }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const others = [...tarballs].filter(([other]) => other !== name);
  const manifest = {
    name: 'consumer',
    version: '1.0.0',
    private: true,
    dependencies: { [name]: `file:${tarballs.get(name)}` },
    overrides: Object.fromEntries(others.map(([other, tarball]) => [other, `file:${tarball}`])),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const { ONNXRUNTIME_NODE_INSTALL: _, ...env } = toolEnv;
  const { ok, output } = await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: folder,
    env: fetchCuda ? env : { ...env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    timeoutSeconds: INSTALL_LIMIT_SECONDS,
  });
  return ok ? undefined : output;
}

/** Names of all packages that lie in a folder's `node_modules`, at its top. */
export function installedPackages(folder) {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) return [];
  return readdirSync(modules)
    .filter((entry) => !entry.startsWith('.'))
    .flatMap((entry) =>
      entry.startsWith('@') ? readdirSync(join(modules, entry)).map((inner) => `${entry}/${inner}`) : [entry],
    );
}
