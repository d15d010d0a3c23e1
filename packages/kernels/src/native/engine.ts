import { availableParallelism } from 'node:os';
import { NativeUnavailableError } from './errors.js';
import { loadOrtBinding, type OrtBinding, type OrtSession, type OrtSessionOptions } from './ort-binding.js';
import { checkBinding, type NativeCheck } from './self-test.js';

/** How the native engine runs. */
export interface NativeOptions {
  /** Threads of a computation, ≥ 1. Default: the cores this process may use. */
  readonly threads?: number;
  /** false switches it off, as if it were not installed. Default true. */
  readonly enabled?: boolean;
}

/** Whether the native engine can be used, and why not. */
export interface NativeStatus extends NativeCheck {
  /** Version of onnxruntime-node; undefined when it is not installed. */
  readonly version: string | undefined;
  readonly threads: number;
}

interface Engine {
  readonly status: NativeStatus;
  readonly binding: OrtBinding | undefined;
}

let options: Required<NativeOptions> = { threads: availableParallelism(), enabled: true };
let generation = 0;
let engine: Engine | undefined;

const sessionOptions = (threads: number): OrtSessionOptions => ({
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  enableCpuMemArena: true,
  // Shapes change from run to run, so plans of memory for one shape are wasted.
  enableMemPattern: false,
  // Each session has its own threads. Left spinning after a run they starve the next session's: measured
  // on 2 cores with sessions in turn, 20.7 ms for 2048×128×384 with spinning, 2.7 ms without.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function start(): Engine {
  const { threads, enabled } = options;
  if (!enabled) {
    return {
      binding: undefined,
      status: { ok: false, reason: 'switched off by the caller', version: undefined, threads },
    };
  }
  let binding: OrtBinding;
  try {
    binding = loadOrtBinding();
  } catch (error) {
    const reason = `onnxruntime-node does not load (${message(error).split('\n')[0]})`;
    return { binding: undefined, status: { ok: false, reason, version: undefined, threads } };
  }
  const check = checkBinding(binding, sessionOptions(threads));
  return {
    binding: check.ok ? binding : undefined,
    status: { ...check, version: binding.version, threads },
  };
}

const current = (): Engine => {
  engine ??= start();
  return engine;
};

/**
 * Sets how the native engine runs from now on; graphs that ran before get new sessions when they run next.
 * @throws {RangeError} when `threads` is not a whole number ≥ 1.
 */
export function configureNative(wanted: NativeOptions): NativeStatus {
  const next = { ...options, ...wanted };
  if (!Number.isInteger(next.threads) || next.threads < 1) {
    throw new RangeError(`threads: ${next.threads} must be a whole number of at least 1`);
  }
  if (next.threads !== options.threads || next.enabled !== options.enabled) {
    options = next;
    engine = undefined;
    generation += 1;
  }
  return current().status;
}

/** Loads and tests the native engine on the first call, and says whether it can be used. Never throws. */
export const nativeStatus = (): NativeStatus => current().status;

/** Counts changes of configuration; a session made in an earlier generation is out of date. */
export const nativeGeneration = (): number => generation;

/**
 * A session of the native engine for an encoded model, on one thread or on as many as are configured.
 * @throws {NativeUnavailableError} when the engine cannot be used here.
 */
export function createNativeSession(model: Uint8Array<ArrayBuffer>, singleThread: boolean): OrtSession {
  const { binding, status } = current();
  if (binding === undefined) {
    throw new NativeUnavailableError(
      `native engine: ${status.reason}; install onnxruntime-node 1.30.0 or use the tfjs kernels`,
    );
  }
  const session = binding.createSession();
  session.loadModel(
    model.buffer,
    model.byteOffset,
    model.byteLength,
    sessionOptions(singleThread ? 1 : status.threads),
  );
  return session;
}
