// Installs one package into an empty folder, as somebody who found it on npm would.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.mjs';
import { toolEnv } from '../workspace.mjs';

const INSTALL_LIMIT_SECONDS = 240;

/** What the package's README tells its readers to install with it: the other names on its `npm install` line. */
function companions({ name, directory }) {
  const readme = join(directory, 'README.md');
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
  const [line = ''] = text.match(/^npm install .*$/m) ?? [];
  return line
    .split(/\s+/)
    .slice(2)
    .filter((other) => other !== name && !other.startsWith('-'));
}

/**
 * Installs with npm from the package's tarball, with what its README names beside it; the workspace's other packages
 * come from their tarballs too.
 *
 * @param {{ name: string, directory: string, manifest: Record<string, any> }} each
 * @param {Map<string, string>} tarballs from `packAll`
 * @param {string} folder made anew
 * @param {{ fetchCuda: boolean }} options `fetchCuda: false` tells onnxruntime-node's install script to leave its CUDA
 *   parts alone. With true it tries to download them, and npm drops this optional dependency where it cannot.
 * @returns {Promise<string | undefined>} why the install failed
 */
export async function installAlone(each, tarballs, folder, { fetchCuda }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const ours = (name) => `file:${tarballs.get(name)}`;
  const version = (name) =>
    tarballs.has(name) ? ours(name) : (each.manifest.devDependencies?.[name] ?? 'latest');
  const others = [...tarballs.keys()].filter((name) => name !== each.name);
  const manifest = {
    name: 'consumer',
    version: '1.0.0',
    private: true,
    dependencies: Object.fromEntries([each.name, ...companions(each)].map((name) => [name, version(name)])),
    overrides: Object.fromEntries(others.map((name) => [name, ours(name)])),
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
