import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** A package that Node finds from here. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/** `require`, as seen from this package. */
export const requireHere: NodeJS.Require = createRequire(import.meta.url);

/** Finds a package without loading it; undefined when it is not installed. */
export function findPackage(name: string): InstalledPackage | undefined {
  let manifest: string;
  try {
    manifest = requireHere.resolve(`${name}/package.json`);
  } catch {
    return undefined;
  }
  const { version } = requireHere(manifest) as { version: string };
  return { name, version, folder: dirname(manifest) };
}
