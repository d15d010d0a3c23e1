import * as tf from '@tensorflow/tfjs-core';
import { BackendUnavailableError } from '../backend/backend.js';
import { outsideTape } from '../tfjs/outside-tape.js';
import { releasingGradients } from '../tfjs/releasing-gradients.js';
import { withBfloat16Products } from './bfloat16-products.js';
import {
  addGraph,
  type CallCounts,
  callGraph,
  canCompile,
  type GraphFunction,
  graphCache,
  shapesKey,
} from './graph-cache.js';
import { record } from './record.js';
import { splitRecording } from './split-recording.js';
import type { TensorflowBackend } from './tensorflow-backend.js';

/** A part of a computation that gradients are taken through. */
export interface DifferentiableOperation {
  /** What it is differentiable in: tensors that exist already, variables among them. */
  readonly variables: readonly tf.Tensor[];
  /** All other tensors that exist already and that `compute` reads. */
  readonly inputs: readonly tf.Tensor[];
  /** Whatever else than shapes decides what `compute` does. */
  readonly key: string;
  /** Reads tensors and returns another; does nothing else. */
  readonly compute: () => tf.Tensor;
  /** Keeps only what it reads for its gradient, and computes the rest anew there. Default false. */
  readonly recompute?: boolean;
}

/** In which type matrix products are computed; all else is float32. */
export type ProductType = 'float32' | 'bfloat16';

/**
 * Refuses a type that products cannot be computed in here.
 * @throws {BackendUnavailableError} for bfloat16 where there are no graphs: tfjs does not know that type
 */
export function requireProducts(products: ProductType): void {
  if (products === 'float32' || canCompile()) return;
  throw new BackendUnavailableError(
    `compute: bfloat16 needs the tensorflow backend with graphs (midtrain setup tensorflow), but ${tf.getBackend()} runs; leave it out, or choose --backend tensorflow`,
  );
}

/** A differentiable operation whose graphs are kept. */
export interface CompiledOperation {
  /** The operation's value; undefined where it is to be computed by operation. The caller disposes of it. */
  run(operation: DifferentiableOperation): tf.Tensor | undefined;
  readonly calls: CallCounts;
  /** Forgets its graphs. */
  dispose(): void;
}

interface ForwardAndBackward {
  readonly forward: GraphFunction;
  readonly backward: GraphFunction;
  readonly forwardInputs: readonly number[];
  /** By index into the inputs, of which the gradient's direction is the last. */
  readonly backwardInputs: readonly number[];
  /** Which variables have gradients. */
  readonly reached: readonly number[];
}

/** Records an operation's value, and its gradients along a direction that is the last of the inputs. */
function recordBoth(
  backend: TensorflowBackend,
  given: readonly tf.Tensor[],
  { variables, compute }: DifferentiableOperation,
) {
  return outsideTape(() => {
    // Its values do not matter: it is an input.
    const direction = tf.tidy(() => tf.zerosLike(compute()));
    let reached: number[] = [];
    const { outputs, recording } = record(backend, [...given, direction], () => {
      const { value, gradients } = releasingGradients(compute, variables, direction);
      reached = variables.flatMap((_, i) => (gradients[i] ? [i] : []));
      return [value, ...gradients.flatMap((gradient) => gradient ?? [])];
    });
    tf.dispose([direction, [...outputs]]);
    return { recording, reached };
  });
}

/** Calls a forward graph: the value, and what the backward graph reads of it. */
function goForward({ backend, compiled }: Graphs, given: readonly tf.Tensor[]) {
  const inputs = compiled.forwardInputs.map((i) => given[i]);
  const [value, ...residuals] = callGraph(backend, compiled.forward, inputs);
  return { value, residuals };
}

/** Gradients of all variables; zeros where the value does not depend on one. */
function goBackward(
  { backend, compiled }: Graphs,
  given: readonly tf.Tensor[],
  residuals: readonly tf.Tensor[],
  variables: readonly tf.Tensor[],
  direction: tf.Tensor,
): tf.Tensor[] {
  const all = [...given, direction];
  const inputs = compiled.backwardInputs.map((i) => all[i]);
  const found = callGraph(backend, compiled.backward, [...inputs, ...residuals]);
  return variables.map((variable, i) => {
    const at = compiled.reached.indexOf(i);
    return at < 0 ? tf.zerosLike(variable) : found[at];
  });
}

interface Graphs {
  readonly backend: TensorflowBackend;
  readonly compiled: ForwardAndBackward;
}

/** The operation as tfjs sees it: one node of the tape. */
function asNode(graphs: Graphs, { variables, inputs, recompute }: DifferentiableOperation): tf.Tensor {
  const given = [...inputs, ...variables];
  const node = tf.customGrad((...received) => {
    const save = received[received.length - 1] as tf.GradSaveFunc;
    const { value, residuals } = goForward(graphs, given);
    save(recompute ? given : [...given, ...residuals]);
    return {
      value,
      gradFunc: (direction, saved) => {
        const kept = saved as tf.Tensor[];
        const read = kept.slice(0, given.length);
        const again = recompute ? goForward(graphs, read) : undefined;
        const gradients = goBackward(
          graphs,
          read,
          again?.residuals ?? kept.slice(given.length),
          variables,
          direction as tf.Tensor,
        );
        tf.dispose(again ? [again.value, again.residuals] : []);
        return gradients;
      },
    };
  });
  return node(...variables);
}

/**
 * Lets a part of a computation run as two TensorFlow functions, forward and backward, for each combination of shapes: parts
 * that are alike, as a decoder's layers are, share them. A combination that comes up is computed by operation as well, the
 * first two times (later ones: the first time), to record it. What goes on between such parts goes on by operation.
 *
 * @param title for the warning `MIDTRAIN_NOT_COMPILED`, which says why a part cannot be compiled
 * @param products default float32
 * @throws {BackendUnavailableError} as `requireProducts`
 */
export function compiledOperation(title: string, products: ProductType = 'float32'): CompiledOperation {
  requireProducts(products);
  const cache = graphCache<ForwardAndBackward>(title, ({ forward, backward }) => [forward, backward]);
  return {
    calls: cache.calls,
    run(operation) {
      const given = [...operation.inputs, ...operation.variables];
      let reached: readonly number[] = [];
      const graphs = cache.graphOf(
        shapesKey(operation.key, given),
        (backend) => {
          const recorded = recordBoth(backend, given, operation);
          reached = recorded.reached;
          return recorded.recording;
        },
        (backend, recording): ForwardAndBackward => {
          const computed = products === 'bfloat16' ? withBfloat16Products(recording) : recording;
          const split = splitRecording(computed, (i) => i === given.length, 1);
          return {
            forward: addGraph(backend, `${title} forward`, split.early),
            backward: addGraph(backend, `${title} backward`, split.late),
            forwardInputs: split.earlyInputs,
            backwardInputs: split.lateInputs,
            reached,
          };
        },
      );
      return graphs && asNode(graphs, operation);
    },
    dispose: cache.dispose,
  };
}
