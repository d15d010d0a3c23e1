import { canCompile, compiledComputation } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerKeyValues } from '../policy/key-values.js';
import type { Policy } from '../policy/policy.js';
import type { PackedTree } from './pack-tree.js';
import { hiddenOf, packedBatch } from './packed-batch.js';

/** Graphs know shapes, not weights: those of all policies are kept here, a limited number of them. */
const graphs = compiledComputation('reading');

/** What the decoder makes of tokens. The caller disposes of all. Where graphs are compiled there may be rows too many. */
export interface ReadTokens {
  readonly hidden_N_D: tf.Tensor2D;
  /** Each layer's keys and values of these tokens. */
  readonly layers: readonly LayerKeyValues[];
}

/**
 * Runs packed tokens through the decoder without gradients.
 *
 * @param past each layer's keys and values of `pastRows` rows before these
 */
export function readTokens(
  policy: Policy,
  tree: Pick<PackedTree, 'tokenIds' | 'positions' | 'pastRows' | 'groups'>,
  past?: readonly LayerKeyValues[],
): ReadTokens {
  const batch = packedBatch(policy, tree);
  const layers: LayerKeyValues[] = [];
  try {
    const hidden_N_D = tf.tidy(() => {
      const pass = {
        past,
        onKeyValues: ({ keys, values }: LayerKeyValues) => {
          layers.push({ keys: tf.keep(keys), values: tf.keep(values) });
        },
      };
      return hiddenOf(
        policy,
        batch,
        pass,
        canCompile() ? { kind: 'computation', computation: graphs } : undefined,
      );
    });
    return { hidden_N_D, layers };
  } catch (error) {
    tf.dispose(layers.flatMap(({ keys, values }) => [keys, values]));
    throw error;
  } finally {
    batch.dispose();
  }
}
