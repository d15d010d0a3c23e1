// Installs the workspace with nothing but Node and npm: pnpm itself comes from the npm registry.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`midtrain needs Node 20 or newer; this is ${process.version}.`);
  process.exit(1);
}

/** The install is current when pnpm's own record of it is newer than the lockfile. */
function isInstalled() {
  const record = join(root, 'node_modules', '.modules.yaml');
  return existsSync(record) && statSync(record).mtimeMs >= statSync(join(root, 'pnpm-lock.yaml')).mtimeMs;
}

if (!isInstalled()) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { status, error } = spawnSync(
    'npm',
    [
      'exec',
      '--yes',
      `--package=${packageManager}`,
      '--',
      'pnpm',
      'install',
      '--frozen-lockfile',
      '--config.confirm-modules-purge=false',
    ],
    { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' },
  );
  if (error) console.error(`npm could not be started: ${error.message}`);
  if (status !== 0) {
    console.error('The install failed; see above. It needs the npm registry and about 1 GB of disk.');
    process.exit(status ?? 1);
  }
}
