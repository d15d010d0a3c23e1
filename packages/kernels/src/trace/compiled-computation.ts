import * as tf from '@tensorflow/tfjs-core';
import {
  addGraph,
  type CallCounts,
  callGraph,
  type GraphFunction,
  graphCache,
  shapesKey,
} from './graph-cache.js';
import { record } from './record.js';

/** A computation whose graphs are kept. */
export interface CompiledComputation {
  /**
   * @param inputs all tensors that exist already and that the computation reads
   * @param key whatever else than the inputs' shapes decides what is computed
   * @param compute reads the inputs and returns tensors; may be run or replaced by its graph, so it must do nothing else
   * @returns the outputs, in order; the caller disposes of them
   */
  run(inputs: readonly tf.Tensor[], key: string, compute: () => readonly tf.Tensor[]): readonly tf.Tensor[];
  readonly calls: CallCounts;
  /** Forgets its graphs. */
  dispose(): void;
}

/**
 * Lets a computation run as one TensorFlow function for each combination of shapes, instead of operation by operation
 * from JavaScript. A combination that comes up is computed by operation as well, the first two times (later ones: the first
 * time), to record it. Elsewhere than on tensorflow it just computes.
 *
 * @param title for the warning `MIDTRAIN_NOT_COMPILED`, which says why a computation cannot be compiled
 */
export function compiledComputation(title: string): CompiledComputation {
  const cache = graphCache<GraphFunction>(title, (graph) => [graph]);
  return {
    calls: cache.calls,
    run(inputs, key, compute) {
      // An output that is an input becomes a tensor of its own, as it is when it comes out of a graph.
      const own = (output: tf.Tensor): tf.Tensor => (inputs.includes(output) ? tf.clone(output) : output);
      const tidily = (): readonly tf.Tensor[] => tf.tidy(() => compute().map(own));
      const graph = cache.graphOf(
        shapesKey(key, inputs),
        (backend) => {
          const { outputs, recording } = record(backend, inputs, tidily);
          tf.dispose([...outputs]);
          return recording;
        },
        (backend, recording) => addGraph(backend, title, recording),
      );
      return graph ? callGraph(graph.backend, graph.compiled, inputs) : tidily();
    },
    dispose: cache.dispose,
  };
}
