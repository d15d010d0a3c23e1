import * as tf from '@tensorflow/tfjs-core';
import { releasingGradients, type ValueGradients } from '../tfjs/releasing-gradients.js';
import {
  addGraph,
  type CallCounts,
  callGraph,
  type GraphFunction,
  graphCache,
  shapesKey,
} from './graph-cache.js';
import { type Recording, record } from './record.js';
import { splitRecording } from './split-recording.js';
import type { TensorflowBackend } from './tensorflow-backend.js';

/** What gradients are taken of. */
export interface DifferentiableComputation {
  /** All tensors that exist already and that `predict` reads, but the variables. */
  readonly inputs: readonly tf.Tensor[];
  /** Whatever else than shapes decides what `predict` computes. */
  readonly key: string;
  /** What the gradients are with respect to: variables, or tensors that exist already. */
  readonly variables: readonly tf.Tensor[];
  /** The part that is compiled; does nothing but read tensors and return others. */
  readonly predict: () => readonly tf.Tensor[];
  /** Makes a loss of the predictions, by operation: it may be anybody's, and may change from call to call. */
  readonly loss: (predictions: readonly tf.Tensor[]) => tf.Scalar;
}

/** A loss and its gradients; a variable that the loss does not depend on has none. The caller disposes of all. */
export type LossGradients = ValueGradients<tf.Scalar>;

/** A differentiable computation whose graphs are kept. */
export interface CompiledGradients {
  run(computation: DifferentiableComputation): LossGradients;
  readonly calls: CallCounts;
  /** Forgets its graphs. */
  dispose(): void;
}

interface ForwardAndBackward {
  readonly forward: GraphFunction;
  readonly backward: GraphFunction;
  readonly forwardInputs: readonly number[];
  readonly backwardInputs: readonly number[];
  readonly predictions: number;
  /** Which variables have gradients. */
  readonly reached: readonly number[];
}

/** Loss and gradients by operation, on any backend. */
export function differentiate({ variables, predict, loss }: DifferentiableComputation): LossGradients {
  return releasingGradients(() => loss(predict()), variables);
}

/** The loss of given predictions, and its gradient with respect to each of them. */
function lossOf(
  predictions: readonly tf.Tensor[],
  loss: DifferentiableComputation['loss'],
): { readonly value: tf.Scalar; readonly directions: tf.Tensor[] } {
  return tf.tidy(() => {
    const { value, grads } = tf
      .engine()
      .gradients(() => loss(predictions), [...predictions], undefined, true);
    // tfjs gives no gradient to what a loss does not read.
    const directions = grads.map((gradient, i) => (gradient ?? tf.zerosLike(predictions[i])) as tf.Tensor);
    return { value: value as tf.Scalar, directions };
  });
}

/** Predictions · directions, whose gradients are those of the loss. */
function along(predictions: readonly tf.Tensor[], directions: readonly tf.Tensor[]): tf.Scalar {
  const terms = predictions.map((prediction, i) => tf.sum(tf.mul(prediction, directions[i])));
  return terms.reduce((total, term) => tf.add(total, term)) as tf.Scalar;
}

/** Records predictions, and gradients of their product with some directions. */
function recordBoth(
  backend: TensorflowBackend,
  given: readonly tf.Tensor[],
  { variables, predict }: DifferentiableComputation,
): { readonly recording: Recording; readonly predictions: number; readonly reached: readonly number[] } {
  const ahead: tf.Tensor[] = tf.tidy(() => [...predict()]);
  // Their values do not matter: they are inputs.
  const directions = ahead.map((prediction) => tf.zerosLike(prediction));
  let reached: number[] = [];
  const { outputs, recording } = record(backend, [...given, ...directions], () => {
    let kept: tf.Tensor[] = [];
    const { value, gradients } = releasingGradients(() => {
      const predicted = predict();
      kept = predicted.map((prediction) => tf.keep(tf.clone(prediction)));
      return along(predicted, directions);
    }, variables);
    value.dispose();
    reached = variables.flatMap((_, i) => (gradients[i] ? [i] : []));
    return [...kept, ...gradients.flatMap((gradient) => gradient ?? [])];
  });
  tf.dispose([ahead, directions, [...outputs]]);
  return { recording, predictions: ahead.length, reached };
}

/**
 * Gradients of a loss through a computation that runs as two TensorFlow functions, forward and backward, for each
 * combination of shapes. Between the two the loss is computed by operation. A combination that comes up is computed by
 * operation as well, the first two times, to record it. Elsewhere than on tensorflow everything is.
 *
 * @param title for the warning `MIDTRAIN_NOT_COMPILED`, which says why a computation cannot be compiled
 */
export function compiledGradients(title: string): CompiledGradients {
  const cache = graphCache<ForwardAndBackward>(title, ({ forward, backward }) => [forward, backward]);
  return {
    calls: cache.calls,
    run(computation) {
      const { variables, loss } = computation;
      const given = [...computation.inputs, ...variables];
      let shape = { predictions: 0, reached: [] as readonly number[] };
      const graph = cache.graphOf(
        shapesKey(computation.key, given),
        (backend) => {
          const { recording, ...rest } = recordBoth(backend, given, computation);
          shape = rest;
          return recording;
        },
        (backend, recording): ForwardAndBackward => {
          const split = splitRecording(recording, (i) => i >= given.length, shape.predictions);
          return {
            forward: addGraph(backend, `${title} forward`, split.early),
            backward: addGraph(backend, `${title} backward`, split.late),
            forwardInputs: split.earlyInputs,
            backwardInputs: split.lateInputs,
            ...shape,
          };
        },
      );
      if (!graph) return differentiate(computation);

      const { backend, compiled } = graph;
      const outputs = callGraph(
        backend,
        compiled.forward,
        compiled.forwardInputs.map((i) => given[i]),
      );
      const residuals = outputs.slice(compiled.predictions);
      const { value, directions } = lossOf(outputs.slice(0, compiled.predictions), loss);
      const all = [...given, ...directions];
      const late = compiled.backwardInputs.map((i) => all[i]);
      const found = callGraph(backend, compiled.backward, [...late, ...residuals]);
      tf.dispose([outputs, directions]);
      const gradients: (tf.Tensor | undefined)[] = variables.map(() => undefined);
      compiled.reached.forEach((variable, i) => {
        gradients[variable] = found[i];
      });
      return { value, gradients };
    },
    dispose: cache.dispose,
  };
}
