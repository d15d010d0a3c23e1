import { availableParallelism } from 'node:os';
import { nativeStatus } from '../native/index.js';
import { prepareTfjs } from '../tfjs/prepare-tfjs.js';
import {
  BACKEND_NAMES,
  type BackendName,
  type BackendOptions,
  BackendUnavailableError,
  type LoadedBackend,
  type SelectedBackend,
} from './backend.js';
import { describeTensorflow, loadTensorflow } from './tensorflow.js';
import { loadWasm, wasmVersion } from './wasm.js';
import { describeWebgpu, loadWebgpu } from './webgpu.js';

const DEFAULTS = { backend: 'auto' } as const;

async function load(name: BackendName, threads: number | undefined): Promise<LoadedBackend> {
  if (name === 'tensorflow') return loadTensorflow(threads);
  if (name === 'webgpu') return loadWebgpu();
  return loadWasm(threads ?? availableParallelism());
}

function described(name: BackendName, loaded: LoadedBackend, why: string, threads: number): SelectedBackend {
  const { ok, reason, version } = nativeStatusFor(name);
  return {
    name,
    version: loaded.version,
    reason: `${loaded.detail}; ${why}`,
    threads: loaded.threads ?? threads,
    devices: loaded.devices ?? [],
    native: { ok, reason, version },
    close: loaded.close,
  };
}

const nativeStatusFor = (name: BackendName): SelectedBackend['native'] =>
  name === 'wasm' ? nativeStatus() : { ok: false, reason: `not used by ${name}`, version: undefined };

/**
 * Chooses a backend of tfjs, sets it up for the whole process and registers tfjs's gradients. 'auto' takes tensorflow
 * where it is installed and loads, else wasm; webgpu runs only when it is asked for. Nothing falls back in silence: a
 * backend that was named runs or throws, and `reason` says why 'auto' chose as it did.
 *
 * Loading tensorflow sets TF_ENABLE_ONEDNN_OPTS, TF_CPP_MIN_LOG_LEVEL and NVIDIA_TF32_OVERRIDE in this process, unless they
 * are set, and TF_NUM_INTRAOP_THREADS, to `threads` where they are given.
 *
 * @throws {BackendUnavailableError} when the backend that was asked for cannot be used; it says what to install.
 * @throws {RangeError} when `threads` is not a whole number ≥ 1.
 */
export async function selectBackend(options: BackendOptions = {}): Promise<SelectedBackend> {
  const { backend, threads } = { ...DEFAULTS, ...options };
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new RangeError(`threads: ${threads} must be a whole number of at least 1`);
  }
  if (backend !== 'auto' && !BACKEND_NAMES.includes(backend)) {
    throw new BackendUnavailableError(`backend: '${backend}' must be auto, ${BACKEND_NAMES.join(', ')}`);
  }
  const count = threads ?? availableParallelism();
  const selected =
    backend === 'auto'
      ? await selectAutomatically(threads, count)
      : described(backend, await load(backend, threads), 'it was asked for', count);
  await prepareTfjs();
  return selected;
}

async function selectAutomatically(threads: number | undefined, count: number): Promise<SelectedBackend> {
  try {
    return described('tensorflow', await load('tensorflow', threads), 'it is installed and loads', count);
  } catch (error) {
    if (!(error instanceof BackendUnavailableError)) throw error;
    return described('wasm', await load('wasm', threads), error.message, count);
  }
}

/** What is known of a backend on this machine. */
export interface BackendDescription {
  readonly name: BackendName;
  /** Version of the package behind it; undefined when it is not installed. */
  readonly version: string | undefined;
  readonly ok: boolean;
  /** Why it can or cannot be used, or what it would run on, in one line. */
  readonly reason: string;
}

/**
 * Which backends could run here, for people to read; the active one stays. tensorflow is tried in a process of its own,
 * webgpu is asked for its adapter, wasm's native engine is tested.
 */
export async function describeBackends(): Promise<BackendDescription[]> {
  const version = wasmVersion();
  const native = nativeStatus();
  return [
    { name: 'tensorflow', ...(await describeTensorflow()) },
    { name: 'webgpu', ...(await describeWebgpu()) },
    {
      name: 'wasm',
      version,
      ok: version !== undefined,
      reason: native.ok
        ? `embedded, with native products by onnxruntime-node ${native.version} on ${native.threads} threads`
        : `embedded, but several times slower for want of the native engine: ${native.reason}`,
    },
  ];
}
