import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.js';

/** This package's version. */
export function cliVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return (manifest as { readonly version: string }).version;
}
