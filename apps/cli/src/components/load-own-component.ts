import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolve as resolveImport } from 'import-meta-resolve';
import { ConfigError } from '../cli-error.js';
import type { OwnComponent } from '../config/component.js';
import { isComponentPath } from '../config/config-paths.js';

/** What a component must be: a function, or an object with these methods. */
export type Contract =
  | { readonly kind: 'function' }
  | { readonly kind: 'object'; readonly methods: readonly string[] };

export interface OwnComponentRequest {
  /** `use` as an absolute path or a package name; the rest are the factory's options. */
  readonly component: OwnComponent;
  /** Field of the configuration, for errors. */
  readonly field: string;
  /** File that the configuration was read from, for errors; packages are looked for from its folder. */
  readonly configFile: string;
  readonly contract: Contract;
}

function locate(specifier: string, { field, configFile }: OwnComponentRequest): string {
  if (isComponentPath(specifier)) {
    if (existsSync(specifier)) return pathToFileURL(specifier).href;
    throw new ConfigError(
      `${configFile}: ${field}.use: ${specifier}: not found, expected a module with a factory`,
    );
  }
  try {
    return resolveImport(specifier, pathToFileURL(join(configFile, '..', 'config.mjs')).href);
  } catch (cause) {
    throw new ConfigError(
      `${configFile}: ${field}.use: is ${JSON.stringify(specifier)}, expected a built-in name, ./a-file.mjs or an installed package; no such package is installed`,
      { cause },
    );
  }
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0];

/**
 * Loads a component of one's own: imports the module, calls its factory with the options and checks that the result
 * keeps the contract.
 *
 * @throws ConfigError naming the field and what was expected
 */
export async function loadOwnComponent<Component>(request: OwnComponentRequest): Promise<Component> {
  const { component, field, configFile, contract } = request;
  const { use, ...options } = component;
  const [specifier, name = 'default'] = use.split('#');
  const fail = (message: string, cause?: unknown) =>
    new ConfigError(`${configFile}: ${field}.use: ${specifier}: ${message}`, { cause });
  const url = locate(specifier, request);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(url)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw fail(`cannot be loaded (${firstLine(cause)})`, cause);
  }
  const factory = exported[name];
  if (typeof factory !== 'function') {
    const found = Object.keys(exported).join(', ') || 'nothing';
    throw fail(
      `exports ${found}, expected a factory function as ${name === 'default' ? 'its default export' : name}`,
    );
  }
  let made: unknown;
  try {
    made = await factory(options);
  } catch (cause) {
    throw fail(`its factory refused the options (${firstLine(cause)})`, cause);
  }
  const methods = contract.kind === 'object' ? contract.methods : [];
  const kept =
    contract.kind === 'function'
      ? typeof made === 'function'
      : methods.every((method) => typeof (made as Record<string, unknown> | null)?.[method] === 'function');
  if (!kept) {
    const expected = contract.kind === 'function' ? 'a function' : `an object with ${methods.join(', ')}`;
    throw fail(`its factory returned ${made === null ? 'null' : typeof made}, expected ${expected}`);
  }
  return made as Component;
}
