// Where the workspace is, which packages it holds, and the environment its tools run in.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The environment of the workspace's tools: its own binaries first on the PATH (turbo looks for pnpm there). */
export const toolEnv = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
};

/**
 * Every package that is published, libraries before the command.
 * @returns {{ name: string, directory: string, manifest: Record<string, any>, isLibrary: boolean }[]}
 */
export function publishedPackages() {
  return ['packages', 'apps']
    .flatMap((group) => readdirSync(join(root, group)).map((entry) => join(root, group, entry)))
    .filter((directory) => existsSync(join(directory, 'package.json')))
    .map((directory) => {
      const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
      return { name: manifest.name, directory, manifest, isLibrary: manifest.exports !== undefined };
    })
    .filter(({ manifest }) => manifest.private !== true);
}
