import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { installTensorflowOps } from '../ops/install-tensorflow.js';
import { type FoundSetup, findSetups } from '../setup/setup-folder.js';
import { deviceName, smokeTest } from '../setup/smoke-test.js';
import { currentTensorflow } from '../trace/tensorflow-backend.js';
import { BackendUnavailableError, firstLine, type LoadedBackend } from './backend.js';
import { findPackage, type InstalledPackage, requireHere } from './installed-package.js';
import { describeSetup, isOutdated, outdatedHint, registerSetup } from './tensorflow-setup.js';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

const HOW_TO_INSTALL = 'run `midtrain setup tensorflow`, with --cuda for an NVIDIA GPU';

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

/** Something that may bring the backend. */
interface Source {
  /** What it is, for a reason. */
  readonly description: string;
  readonly version: string;
  /** Loads it; afterwards a backend `tensorflow` is registered. */
  readonly register: () => void;
}

const ofSetup = (setup: FoundSetup): Source => ({
  description: describeSetup(setup),
  version: setup.manifest.tensorflow,
  register: () => {
    registerSetup(setup);
    if (!isOutdated(setup)) return;
    process.emitWarning(`backend tensorflow: ${outdatedHint(setup)}`, {
      code: 'MIDTRAIN_SETUP_OUTDATED',
    });
  },
});

const ofPackage = ({ name, version }: InstalledPackage): Source => ({
  description: name,
  version,
  register: () => {
    requireHere(name);
  },
});

/** All that may be loaded here, best first, and what is missing. */
function findSources(): { readonly sources: readonly Source[]; readonly missing: readonly string[] } {
  const setups = findSetups();
  const packages = PACKAGES.map((name) => ({ name, found: findPackage(name) }));
  return {
    sources: [
      ...setups.map(ofSetup),
      ...packages.flatMap(({ found }) => (found && hasAddon(found) ? [ofPackage(found)] : [])),
    ],
    missing: [
      ...(setups.length === 0 ? ['TensorFlow is not set up'] : []),
      ...packages.flatMap(({ name, found }) => {
        if (!found) return [`${name} is not installed`];
        return hasAddon(found) ? [] : [`${name} is installed without its native addon`];
      }),
    ],
  };
}

/** What is there for the tensorflow backend; a set-up is tried in a process of its own. */
export async function describeTensorflow(): Promise<{
  version: string | undefined;
  ok: boolean;
  reason: string;
}> {
  const [setup] = findSetups();
  if (setup) {
    const version = setup.manifest.tensorflow;
    try {
      const { devices } = await smokeTest(setup.folder);
      return { version, ok: true, reason: `${describeSetup(setup)}; it computes on ${devices.join(', ')}` };
    } catch (error) {
      return {
        version,
        ok: false,
        reason: `${describeSetup(setup)}: ${firstLine(error)}; ${HOW_TO_INSTALL}`,
      };
    }
  }
  const { sources, missing } = findSources();
  const [source] = sources;
  if (source) return { version: source.version, ok: true, reason: `${source.description} is installed` };
  const version = PACKAGES.map(findPackage).find((found) => found !== undefined)?.version;
  return { version, ok: false, reason: `not installed (${missing.join('; ')}): ${HOW_TO_INSTALL}` };
}

/**
 * Loads libtensorflow and makes it the active backend: what `midtrain setup tensorflow` made, else an installed
 * package with its own binary.
 * @throws {BackendUnavailableError} with the reason of everything that was tried.
 */
export async function loadTensorflow(threads: number | undefined): Promise<LoadedBackend> {
  const { sources, missing } = findSources();
  const failures = [...missing];
  for (const { description, version, register } of sources) {
    try {
      restoreUtilFunctions();
      setDefaults(threads);
      if (tf.findBackendFactory('tensorflow') === null) register();
      await tf.setBackend('tensorflow');
      if (tf.getBackend() === 'tensorflow') {
        installTensorflowOps();
        const devices = currentTensorflow()?.binding.listDevices?.().map(deviceName);
        return { version, detail: description, devices, close: async () => {} };
      }
      failures.push(`${description} loads, but registers no backend with this @tensorflow/tfjs-core`);
    } catch (error) {
      failures.push(`${description} does not load (${firstLine(error)})`);
    }
  }
  throw new BackendUnavailableError(`backend tensorflow: ${failures.join('; ')}; ${HOW_TO_INSTALL}`);
}
