import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NpmDistribution } from './distributions.js';
import type { SetupPrograms } from './requirements.js';
import { runProgram } from './run-program.js';
import { SetupError } from './setup-error.js';

const tarballName = ({ name, version }: NpmDistribution): string =>
  `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

/** Throws unless a file's content is the pinned one. */
function requireIntegrity(path: string, { name, version, integrity }: NpmDistribution): void {
  const found = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
  if (found === integrity) return;
  rmSync(path);
  throw new SetupError(
    `setup tensorflow: npm brought ${name}@${version} with the checksum ${found}, expected ${integrity}; check the registry that npm uses`,
  );
}

/**
 * Fetches one package with npm, without its dependencies and without running any of its scripts, checks its content
 * and unpacks it.
 *
 * @param folder gets the folder `package`
 * @throws {SetupError}
 */
export async function fetchPackage(
  distribution: NpmDistribution,
  folder: string,
  { npm, python }: SetupPrograms,
): Promise<void> {
  const spec = `${distribution.name}@${distribution.version}`;
  const packed = await runProgram(npm, ['pack', spec, '--ignore-scripts', '--pack-destination', folder], {
    cwd: folder,
  });
  if (!packed.ok) throw new SetupError(`setup tensorflow: npm could not fetch ${spec} (${packed.lastLine})`);
  const tarball = join(folder, tarballName(distribution));
  requireIntegrity(tarball, distribution);
  const unpacked = await runProgram(python, ['-m', 'tarfile', '-e', tarball, folder]);
  rmSync(tarball);
  if (!unpacked.ok) throw new SetupError(`setup tensorflow: ${spec} does not unpack (${unpacked.lastLine})`);
}
