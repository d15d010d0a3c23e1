import type { NativeStatus } from '../native/index.js';

/** Backends of tfjs that midtrain computes on. */
export const BACKEND_NAMES = ['tensorflow', 'webgpu', 'wasm'] as const;

/** libtensorflow (CUDA or CPU), Dawn (any GPU), or WebAssembly with the native engine. */
export type BackendName = (typeof BACKEND_NAMES)[number];

/** What to use; 'auto' is tensorflow where it is installed and loads, else wasm. */
export interface BackendOptions {
  /** Default 'auto'. */
  readonly backend?: BackendName | 'auto';
  /**
   * CPU threads of a computation, ≥ 1; the cores this process may use by default. tensorflow only takes it when
   * it is loaded, webgpu has no use for it.
   */
  readonly threads?: number;
}

/** A backend that is set up and active. */
export interface SelectedBackend {
  readonly name: BackendName;
  /** Version of the package behind it. */
  readonly version: string;
  /** Why this one, in one line. */
  readonly reason: string;
  /** CPU threads of a computation that are in force, whatever was asked for. */
  readonly threads: number;
  /** What it computes on, as `CPU:0` or `GPU:0`, where the backend says so. */
  readonly devices: readonly string[];
  /** The native engine, which only wasm uses. */
  readonly native: Pick<NativeStatus, 'ok' | 'reason' | 'version'>;
  /** Waits for what is under way and gives the device back; needed before a process with webgpu ends. */
  close(): Promise<void>;
}

/** What one backend needs to be chosen. */
export interface LoadedBackend {
  readonly version: string;
  /** What was found, for the reason. */
  readonly detail: string;
  /** CPU threads in force, where that may not be what was asked for. */
  readonly threads?: number;
  readonly devices?: readonly string[];
  close(): Promise<void>;
}

/** Thrown when a backend that was asked for cannot be used here. */
export class BackendUnavailableError extends Error {
  readonly code = 'BACKEND_UNAVAILABLE';
  override readonly name = 'BackendUnavailableError';
}

/** Thrown, out of any call's reach, when the GPU reports an error: what it computes from there on is wrong. */
export class GpuError extends Error {
  readonly code = 'GPU';
  override readonly name = 'GpuError';
}

/** An error's first line. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().split('\n')[0];
