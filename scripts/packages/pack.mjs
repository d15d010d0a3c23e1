// Packs every package as it would be published.
import { join } from 'node:path';
import { run } from '../run.mjs';

/**
 * @param {{ name: string, directory: string }[]} packages built ones
 * @param {string} destination folder for the tarballs
 * @returns {Promise<Map<string, string>>} path of the tarball by package name
 */
export async function packAll(packages, destination) {
  const tarballs = new Map();
  for (const { name, directory, manifest } of packages) {
    const { ok, output } = await run('pnpm', ['pack', '--pack-destination', destination], { cwd: directory });
    if (!ok) throw new Error(`pnpm pack failed in ${name}:\n${output}`);
    const file = `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
    tarballs.set(name, join(destination, file));
  }
  return tarballs;
}
