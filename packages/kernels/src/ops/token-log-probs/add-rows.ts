import * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';

/** Inputs x [V, D], rowIds [N] int32, rows [N, D]; output [V, D]. A kernel may write into x. */
export const ADD_ROWS = 'MidtrainAddRows';

/**
 * Adds rows to rows of a matrix, several to the same one too.
 *
 * @param x_V_D the caller's own, of which nothing else reads: only what is returned may be used afterwards
 * @param rowIds_N int32, 0..V−1
 * @param rows_N_D float32
 */
export function addRows(x_V_D: tf.Tensor2D, rowIds_N: tf.Tensor1D, rows_N_D: tf.Tensor2D): tf.Tensor2D {
  const [sum] = dispatch(ADD_ROWS, { x: x_V_D, rowIds: rowIds_N, rows: rows_N_D }, {}, () => [
    tf.add(x_V_D, tf.unsortedSegmentSum(rows_N_D, rowIds_N, x_V_D.shape[0])),
  ]);
  return sum as tf.Tensor2D;
}
