import { createRequire } from 'node:module';
import { type ElementType, LAST_WORD } from './onnx-model.js';

/**
 * The synchronous entry under onnxruntime-node's public (asynchronous) interface: it takes views of any memory for inputs and
 * for outputs that are allocated beforehand, which it copies besides (see `runWithoutCopies`). Internal to that package, hence its
 * version is pinned, the only import of it is in this file, and a self-test runs before it is used.
 */
export interface OrtSession {
  loadModel(buffer: ArrayBuffer, byteOffset: number, byteLength: number, options: OrtSessionOptions): void;
  run(
    feeds: Record<string, OrtTensor>,
    fetches: Record<string, OrtTensor | null>,
    options: Record<string, never>,
  ): Record<string, OrtTensor>;
  dispose(): void;
}

/** What the binding reads of a tensor. */
export interface OrtTensor {
  readonly type: ElementType;
  readonly location: 'cpu';
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
  readonly dims: readonly number[];
}

/** Session options of ONNX Runtime that are used here. */
export interface OrtSessionOptions {
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly executionMode: 'sequential';
  readonly graphOptimizationLevel: 'all';
  readonly enableCpuMemArena: boolean;
  readonly enableMemPattern: boolean;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** The loaded binding. */
export interface OrtBinding {
  readonly version: string;
  createSession(): OrtSession;
}

interface BindingModule {
  readonly initOrt: () => void;
  readonly binding: { readonly InferenceSession: new () => OrtSession };
}

/** Loads the binding. @throws whatever loading it throws, when the package or its library is not there. */
export function loadOrtBinding(): OrtBinding {
  const load = createRequire(import.meta.url);
  const { initOrt, binding } = load('onnxruntime-node/dist/binding.js') as BindingModule;
  const { version } = load('onnxruntime-node/package.json') as { version: string };
  initOrt();
  return { version, createSession: () => new binding.InferenceSession() };
}

/** What the binding says of `LAST_WORD`. */
const GIVES_UP = 'Tensor type (16) is not supported.';

/**
 * Runs a session of an encoded model, which writes into `fetches`. The binding then copies every output into fresh arrays that
 * nobody reads; these cost page faults, and make V8 collect garbage ten times a second. So each model's first output is a scalar
 * of a type that it cannot copy: it gives up there, after everything has been computed. The self-test checks both.
 */
export function runWithoutCopies(
  session: OrtSession,
  feeds: Record<string, OrtTensor>,
  fetches: Record<string, OrtTensor>,
): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    session.run(feeds, { [LAST_WORD]: null, ...fetches }, {});
  } catch (error) {
    if (!(error instanceof Error) || error.message !== GIVES_UP) throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
