import { configureNative, type NativeStatus } from '../native/index.js';
import { installWasmOps } from '../ops/install-wasm.js';
import { installWasmKernels } from '../wasm/index.js';
import { BackendUnavailableError, firstLine, type LoadedBackend } from './backend.js';
import { findPackage } from './installed-package.js';
import { startBackend } from './start-backend.js';

const PACKAGE = '@tensorflow/tfjs-backend-wasm';

/** Version of the wasm backend. */
export const wasmVersion = (): string | undefined => findPackage(PACKAGE)?.version;

/**
 * Starts the wasm backend, makes it the active one and installs midtrain's kernels. When the native engine cannot
 * take part a process warning says so, because everything is several times slower then.
 * @throws {BackendUnavailableError} when it does not start.
 */
export async function loadWasm(threads: number): Promise<LoadedBackend & { native: NativeStatus }> {
  let started: boolean;
  try {
    await import('@tensorflow/tfjs-backend-wasm');
    started = await startBackend('wasm');
  } catch (error) {
    throw new BackendUnavailableError(
      `backend wasm: it does not start (${firstLine(error)}); reinstall ${PACKAGE} 4.22`,
    );
  }
  if (!started) {
    throw new BackendUnavailableError(
      `backend wasm: it does not start, as tfjs says on the console; reinstall ${PACKAGE} 4.22`,
    );
  }
  configureNative({ threads });
  const native = installWasmKernels();
  installWasmOps({ native: native.ok });
  if (!native.ok) {
    process.emitWarning(
      `wasm runs without the native engine, several times slower: ${native.reason}; install onnxruntime-node 1.30.0`,
      { code: 'MIDTRAIN_NATIVE_UNAVAILABLE' },
    );
  }
  const detail = native.ok
    ? `embedded, with native products by onnxruntime-node ${native.version}`
    : `embedded, without the native engine (${native.reason})`;
  return { version: wasmVersion() ?? 'unknown', detail, native, close: async () => {} };
}
