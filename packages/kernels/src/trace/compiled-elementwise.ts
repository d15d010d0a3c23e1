import * as tf from '@tensorflow/tfjs-core';
import { addGraph, type CallCounts, callGraph, type GraphFunction, graphCache } from './graph-cache.js';
import { record } from './record.js';

/** A computation element by element, whose graphs are kept. */
export interface CompiledElementwise {
  /**
   * @param inputs all tensors that the computation reads
   * @param key whatever else decides what is computed, the inputs' shapes set aside
   * @param compute reads tensors of the inputs' ranks, and returns others; does nothing else
   * @returns the outputs, in order; the caller disposes of them
   */
  run(
    inputs: readonly tf.Tensor[],
    key: string,
    compute: (inputs: readonly tf.Tensor[]) => readonly tf.Tensor[],
  ): readonly tf.Tensor[];
  readonly calls: CallCounts;
  /** Forgets its graphs. */
  dispose(): void;
}

/** One element, or as many as there are along the only axis: enough to see what is computed. */
const standIn = ({ shape, dtype }: tf.Tensor): tf.Tensor =>
  tf.ones(shape.length === 1 ? [...shape] : shape.map(() => 1), dtype);

/**
 * {@link compiledComputation} for what does not depend on shapes: one graph serves all, and is recorded from tensors of one
 * element, so that recording takes no memory. Only vectors are taken as they are.
 *
 * @param title for the warning `MIDTRAIN_NOT_COMPILED`, which says why a computation cannot be compiled
 */
export function compiledElementwise(title: string): CompiledElementwise {
  const cache = graphCache<GraphFunction>(title, (graph) => [graph]);
  return {
    calls: cache.calls,
    run(inputs, key, compute) {
      const graph = cache.graphOf(
        key,
        (backend) => {
          const small = inputs.map(standIn);
          const { outputs, recording } = record(backend, small, () => tf.tidy(() => [...compute(small)]));
          tf.dispose([small, [...outputs]]);
          return recording;
        },
        (backend, recording) => addGraph(backend, title, recording),
      );
      return graph ? callGraph(graph.backend, graph.compiled, inputs) : tf.tidy(() => [...compute(inputs)]);
    },
    dispose: cache.dispose,
  };
}
