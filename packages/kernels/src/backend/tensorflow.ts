import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { BackendUnavailableError, firstLine, type LoadedBackend } from './backend.js';
import { findPackage, type InstalledPackage, requireHere } from './installed-package.js';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

const HOW_TO_INSTALL = `install ${PACKAGES[1]} 4.22 (CPU) or ${PACKAGES[0]} 4.22 (CUDA) with its install script allowed`;

/** Node 23 removed two functions that tfjs-node calls; it cannot load without them. */
function restoreUtilFunctions(): void {
  const node = util as unknown as Record<string, unknown>;
  node.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  node.isArray ??= Array.isArray;
}

function setDefaults(threads: number | undefined): void {
  // TensorFlow reads these when it loads. oneDNN is off on CPUs without AVX-512, where it doubles matrix products.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  if (threads !== undefined) process.env.TF_NUM_INTRAOP_THREADS = String(threads);
}

const hasAddon = ({ folder }: InstalledPackage): boolean => {
  const lib = join(folder, 'lib');
  return (
    existsSync(lib) && readdirSync(lib).some((version) => existsSync(join(lib, version, 'tfjs_binding.node')))
  );
};

/** What is installed for the tensorflow backend, without loading it. */
export function describeTensorflow(): { version: string | undefined; ok: boolean; reason: string } {
  const found = PACKAGES.map(findPackage).filter((one) => one !== undefined);
  const usable = found.find(hasAddon);
  if (usable) return { version: usable.version, ok: true, reason: `${usable.name} is installed` };
  const [first] = found;
  if (first === undefined) {
    return { version: undefined, ok: false, reason: `not installed: ${HOW_TO_INSTALL}` };
  }
  const reason = `${first.name} is installed without its native addon: ${HOW_TO_INSTALL}`;
  return { version: first.version, ok: false, reason };
}

/**
 * Loads libtensorflow and makes it the active backend.
 * @throws {BackendUnavailableError} with the reason of every package that was tried.
 */
export async function loadTensorflow(threads: number | undefined): Promise<LoadedBackend> {
  const failures: string[] = [];
  for (const name of PACKAGES) {
    const found = findPackage(name);
    if (found === undefined) {
      failures.push(`${name} is not installed`);
      continue;
    }
    try {
      restoreUtilFunctions();
      setDefaults(threads);
      requireHere(name);
      await tf.setBackend('tensorflow');
      if (tf.getBackend() === 'tensorflow') {
        return { version: found.version, detail: name, close: async () => {} };
      }
      failures.push(`${name} loads, but registers no backend with this @tensorflow/tfjs-core`);
    } catch (error) {
      failures.push(`${name} does not load (${firstLine(error)})`);
    }
  }
  throw new BackendUnavailableError(`backend tensorflow: ${failures.join('; ')}; ${HOW_TO_INSTALL}`);
}
