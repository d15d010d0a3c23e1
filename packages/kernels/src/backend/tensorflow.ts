import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { installTensorflowOps } from '../ops/install-tensorflow.js';
import { deviceName } from '../setup/smoke-test.js';
import { currentTensorflow } from '../trace/tensorflow-backend.js';
import { BackendUnavailableError, firstLine, type LoadedBackend } from './backend.js';
import { startBackend } from './start-backend.js';
import { environmentThreads, prepareEnvironment } from './tensorflow-environment.js';
import { findTensorflow, type TensorflowSource, type TensorflowSources } from './tensorflow-sources.js';

const BACKEND = 'tensorflow';
const HOW_TO_INSTALL = 'run `midtrain setup tensorflow`, with --cuda for an NVIDIA GPU';

const isRegistered = (): boolean => tf.findBackendFactory(BACKEND) !== null;

/** Node 23 removed two functions that tfjs-node calls; it cannot load without them. */
function restoreUtilFunctions(): void {
  const node = util as unknown as Record<string, unknown>;
  node.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  node.isArray ??= Array.isArray;
}

/** What can be said of a source before and after it is tried. */
type Tried = Pick<TensorflowSource, 'version' | 'description'> & { readonly threads: number };

/** What this process has loaded; it stays so however often it is asked for. */
let loaded: Tried | undefined;

/** Makes the registered backend the active one. */
async function activate(tried: Tried): Promise<LoadedBackend | undefined> {
  if (!(await startBackend(BACKEND))) return undefined;
  installTensorflowOps();
  loaded = tried;
  const { version, description, threads } = tried;
  const devices = currentTensorflow()?.binding.listDevices?.().map(deviceName);
  return { version, detail: description, threads, devices, close: async () => {} };
}

/** Loads a source and makes its backend the active one, else says why not. */
async function load(
  { description, version, register }: TensorflowSource,
  threads: number | undefined,
): Promise<LoadedBackend | string> {
  try {
    restoreUtilFunctions();
    const count = prepareEnvironment(threads);
    register();
    if (!isRegistered()) {
      return `${description} loads, but registers no backend with this @tensorflow/tfjs-core`;
    }
    const backend = await activate({ description, version, threads: count });
    if (backend !== undefined) return backend;
    tf.removeBackend(BACKEND);
    return `${description} loads, but its backend does not start`;
  } catch (error) {
    // The next source is to register its own.
    if (isRegistered()) tf.removeBackend(BACKEND);
    return `${description} does not load (${firstLine(error)})`;
  }
}

/**
 * What is there for the tensorflow backend: the first source that `loadTensorflow` would get to run. Set-ups are tried in a
 * process of their own.
 */
export async function describeTensorflow(
  { sources, missing, version }: TensorflowSources = findTensorflow(),
): Promise<{ version: string | undefined; ok: boolean; reason: string }> {
  const failures: string[] = [];
  for (const source of sources) {
    try {
      const reason = [`${source.description}; ${await source.probe()}`, ...failures].join('; ');
      return { version: source.version, ok: true, reason };
    } catch (error) {
      failures.push(`${source.description}: ${firstLine(error)}`);
    }
  }
  if (failures.length > 0) {
    return { version: sources[0].version, ok: false, reason: [...failures, HOW_TO_INSTALL].join('; ') };
  }
  return { version, ok: false, reason: `not installed (${missing.join('; ')}): ${HOW_TO_INSTALL}` };
}

/**
 * Loads libtensorflow and makes it the active backend: what `midtrain setup tensorflow` made, else an installed
 * package with its own binary.
 *
 * @param threads only counts for the first call, which loads it
 * @throws {BackendUnavailableError} with the reason of everything that was tried.
 */
export async function loadTensorflow(
  threads: number | undefined,
  { sources, missing }: TensorflowSources = findTensorflow(),
): Promise<LoadedBackend> {
  const failures = [...missing];
  if (isRegistered()) {
    const elsewhere = { description: 'the backend that the caller has registered', version: 'unknown' };
    const backend = await activate(loaded ?? { ...elsewhere, threads: environmentThreads() });
    if (backend !== undefined) return backend;
    tf.removeBackend(BACKEND);
    failures.push('the backend that is registered does not start');
  }
  for (const source of sources) {
    const backend = await load(source, threads);
    if (typeof backend !== 'string') return backend;
    failures.push(backend);
  }
  throw new BackendUnavailableError(`backend tensorflow: ${failures.join('; ')}; ${HOW_TO_INSTALL}`);
}
