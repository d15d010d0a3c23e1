import type * as tf from '@tensorflow/tfjs-core';

/** One layer's keys and values of packed tokens, [N, K, D] each. */
export interface LayerKeyValues {
  readonly keys: tf.Tensor3D;
  readonly values: tf.Tensor3D;
}
