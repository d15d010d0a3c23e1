import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { NAPI_VERSION, TENSORFLOW_VERSION, type TfjsNodePackage } from './distributions.js';

/** Where midtrain keeps what it sets up: $XDG_CACHE_HOME/midtrain, by default ~/.cache/midtrain. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME: cache } = environment;
  // The XDG specification: a relative path is to be ignored.
  return join(cache && isAbsolute(cache) ? cache : join(homedir(), '.cache'), 'midtrain');
}

/** Folder of one kind of set-up. */
export const setupFolder = (cuda: boolean, cache = cacheFolder()): string =>
  join(cache, `tensorflow-${TENSORFLOW_VERSION}-napi${NAPI_VERSION}${cuda ? '-cuda' : ''}`);

/** Places in a set-up folder. Libraries lie as in a Python installation, since their own search paths count on it. */
export const setupPlaces = (folder: string) =>
  ({
    manifest: join(folder, 'manifest.json'),
    libraries: join(folder, 'tensorflow'),
    /** Addon to be loaded before the binding. */
    before: join(folder, 'tensorflow', 'before_tensorflow.node'),
    binding: join(folder, 'tensorflow', 'tfjs_binding.node'),
    /** The npm package: `dist` and `package.json`. */
    tfjsNode: join(folder, 'package'),
    modules: join(folder, 'node_modules'),
  }) as const;

/** What a set-up folder says of itself. */
export interface SetupManifest {
  readonly tensorflow: string;
  readonly tfjsNode: string;
  readonly package: TfjsNodePackage;
  readonly cuda: boolean;
  readonly napi: number;
  /** Of the C++ that midtrain adds to the binding, so that a newer midtrain builds anew. */
  readonly bindingSource: string;
  /** sha256 of every file, by its path in the folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** A finished set-up. */
export interface FoundSetup {
  readonly folder: string;
  readonly manifest: SetupManifest;
}

/** Finished set-ups, CUDA first. Only their manifests are read. */
export function findSetups(cache = cacheFolder()): FoundSetup[] {
  return [true, false].flatMap((cuda) => {
    const folder = setupFolder(cuda, cache);
    const manifest = readManifest(folder);
    return manifest ? [{ folder, manifest }] : [];
  });
}

/** The manifest of a set-up folder; undefined where there is none that can be read. */
export function readManifest(folder: string): SetupManifest | undefined {
  const { manifest } = setupPlaces(folder);
  if (!existsSync(manifest)) return undefined;
  try {
    const value = JSON.parse(readFileSync(manifest, 'utf8')) as Partial<SetupManifest>;
    return typeof value.files === 'object' && value.files !== null ? (value as SetupManifest) : undefined;
  } catch {
    return undefined;
  }
}

/** Paths of all files below a folder, relative to it, in a fixed order. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}
