import { createHash } from 'node:crypto';
import type * as tf from '@tensorflow/tfjs-core';
import { encodeGraph } from './graph-def.js';
import { type Recording, TraceError } from './record.js';
import { currentTensorflow, type TensorflowBackend } from './tensorflow-backend.js';

/** A graph that TensorFlow runs by name. */
export interface GraphFunction {
  readonly name: string;
  readonly outputs: number;
}

/** Whether computations are compiled here: on tensorflow, with the binding that `midtrain setup tensorflow` makes. */
export const canCompile = (): boolean => currentTensorflow()?.binding.addGraphFunction !== undefined;

/** Runs a graph. The caller disposes of the outputs. */
export const callGraph = (
  backend: TensorflowBackend,
  { name, outputs }: GraphFunction,
  inputs: readonly tf.Tensor[],
): tf.Tensor[] => backend.executeMultipleOutputs(name, [], inputs, outputs);

/** What the names of graphs start with. */
const PREFIX = 'midtrain_';

let serial = 0;

/** What a graph is a graph of, by its name; undefined when it is another operation's. */
export const graphTitle = (name: string): string | undefined =>
  name.startsWith(PREFIX) ? name.slice(PREFIX.length).replace(/_\d+$/, '').replaceAll('_', ' ') : undefined;

/** Hands a recording to TensorFlow as a function. */
export function addGraph(backend: TensorflowBackend, title: string, recording: Recording): GraphFunction {
  const name = `${PREFIX}${title.replace(/\W/g, '_')}_${serial++}`;
  const graph = encodeGraph(recording.nodes);
  backend.binding.addGraphFunction?.(name, graph, [...recording.inputs], [...recording.outputs]);
  return { name, outputs: recording.outputs.length };
}

/** Most combinations of shapes that one computation keeps graphs of; the one unused for longest is forgotten. */
const MAX_KEYS = 64;

/** How the calls of a computation were computed. */
export interface CallCounts {
  readonly graph: number;
  readonly byOperation: number;
}

/** After so many combinations whose second recording was the same graph, others are recorded once. */
const CONFIRMED = 3;

interface Known<Compiled> {
  readonly compiled: Compiled;
  readonly fingerprint: string;
  /** Whether it is to be recorded once more, to see whether that gives the same graph. */
  readonly doubted: boolean;
}

const fingerprintOf = ({ nodes }: Recording): string =>
  createHash('sha256').update(encodeGraph(nodes)).digest('base64');

/**
 * Keeps a computation's graphs by key. A key that comes up is recorded, and when it comes up again it is recorded again:
 * only if both recordings are the same graph, constants included, its graph goes on being used. So what changes from call
 * to call without being an input (a learning rate, dropout) is found out. Such a computation goes on by operation, and a
 * process warning (`MIDTRAIN_NOT_COMPILED`) says so, once. Every result before was right: it came from a graph recorded
 * or checked for it. Recording takes longer than a step, so once three keys gave the same graph twice, further keys are
 * recorded once: whether a computation changes by itself must not depend on its key.
 */
export function graphCache<Compiled>(
  title: string,
  functionsOf: (compiled: Compiled) => readonly GraphFunction[],
) {
  const known = new Map<string, Known<Compiled>>();
  const calls = { graph: 0, byOperation: 0 };
  let refused = false;
  let confirmed = 0;

  function refuse(why: string): void {
    refused = true;
    process.emitWarning(`${title} runs operation by operation on tensorflow: ${why}`, {
      code: 'MIDTRAIN_NOT_COMPILED',
    });
  }

  function forget(backend: TensorflowBackend | undefined, key: string): void {
    const entry = known.get(key);
    known.delete(key);
    if (!entry) return;
    for (const { name } of functionsOf(entry.compiled)) backend?.binding.removeGraphFunction?.(name);
  }

  function keep(backend: TensorflowBackend, key: string, entry: Known<Compiled>): Compiled {
    known.delete(key);
    known.set(key, entry);
    if (known.size > MAX_KEYS) forget(backend, known.keys().next().value as string);
    return entry.compiled;
  }

  function checked(
    backend: TensorflowBackend,
    key: string,
    record: () => Recording,
    compile: (recording: Recording) => Compiled,
  ): Compiled {
    const entry = known.get(key);
    if (entry && !entry.doubted) return keep(backend, key, entry);
    const recording = record();
    const fingerprint = fingerprintOf(recording);
    if (!entry) {
      const doubted = confirmed < CONFIRMED;
      return keep(backend, key, { compiled: compile(recording), fingerprint, doubted });
    }
    if (entry.fingerprint === fingerprint) {
      confirmed++;
      return keep(backend, key, { ...entry, doubted: false });
    }
    throw new TraceError('it changes from call to call in something that is not among its inputs');
  }

  return {
    calls: calls as CallCounts,
    /**
     * The graph of a key; undefined when the computation is to be done by operation.
     * @param record runs the computation once by operation
     * @param compile makes graphs of the recording
     */
    graphOf(
      key: string,
      record: (backend: TensorflowBackend) => Recording,
      compile: (backend: TensorflowBackend, recording: Recording) => Compiled,
    ): { readonly backend: TensorflowBackend; readonly compiled: Compiled } | undefined {
      const backend = currentTensorflow();
      try {
        if (backend && !refused) {
          if (!backend.binding.addGraphFunction) {
            throw new TraceError(
              'this binding takes no graphs; `midtrain setup tensorflow` makes one that does',
            );
          }
          const compiled = checked(
            backend,
            key,
            () => record(backend),
            (recording) => compile(backend, recording),
          );
          calls.graph++;
          return { backend, compiled };
        }
      } catch (error) {
        if (!(error instanceof TraceError)) throw error;
        refuse(error.message);
      }
      calls.byOperation++;
      return undefined;
    },
    dispose(): void {
      for (const key of [...known.keys()]) forget(currentTensorflow(), key);
    },
  };
}

/** A key of everything that a graph's shapes depend on. */
export const shapesKey = (key: string, inputs: readonly tf.Tensor[]): string =>
  [key, ...inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`)].join(';');
