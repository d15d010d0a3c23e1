// The packages as the command sees them.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { resolve } = createRequire(fileURLToPath(new URL('../../apps/cli/package.json', import.meta.url)));

/** Imports one of the packages that the command depends on, built. */
export const load = (name) => import(resolve(name).replace(/\.cjs$/, '.js'));
