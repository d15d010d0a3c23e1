import * as tf from '@tensorflow/tfjs-core';

/**
 * A row for each id, 1 at the id and 0 elsewhere. Not `tf.oneHot`: on `wasm` its float32 form writes denormals for 1,
 * and it refuses a vocabulary of one.
 *
 * @param ids_N int32
 * @returns float32 [N, V]; a row of zeros for an id outside 0..V−1
 */
export function oneHotRows(ids_N: tf.Tensor, vocabularySize: number): tf.Tensor2D {
  return tf.tidy(() => {
    const ids_N_1 = tf.reshape(ids_N, [-1, 1]);
    const equal_N_V = tf.equal(ids_N_1, tf.range(0, vocabularySize, 1, 'int32'));
    return tf.cast(equal_N_V, 'float32') as tf.Tensor2D;
  });
}
