import { bucketSize, canCompile } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { padded } from '../tree/packed-batch.js';

/** Rows whose next tokens are predicted, padded where graphs are compiled. */
export interface PredictedRows {
  /** int32 */
  readonly rows_R: tf.Tensor1D;
  /** int32 */
  readonly targets_R: tf.Tensor1D;
}

/** Rows of a batch and what they are to predict, as tensors. The caller disposes of them. */
export function predictedRows(rows: Int32Array, targets: Int32Array): PredictedRows {
  const size = canCompile() ? bucketSize(Math.max(1, rows.length)) : rows.length;
  return {
    rows_R: tf.tensor1d(padded(rows, size), 'int32'),
    targets_R: tf.tensor1d(padded(targets, size), 'int32'),
  };
}
