import { embeddingLookup } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** How branches of different lengths lie in a [B, T] matrix. */
export interface BranchMatrix {
  readonly branches: number;
  /** T, the longest branch; at least 1. */
  readonly tokens: number;
  /** 1 for a token, 0 for padding, row by row. */
  readonly mask: Float32Array;
  /** For each cell the index of its token among all tokens, branch after branch; 0 in padding. */
  readonly indices: Int32Array;
}

/** The layout of branches with the given numbers of tokens. */
export function branchMatrix(lengths: readonly number[]): BranchMatrix {
  const tokens = Math.max(1, ...lengths);
  const mask = new Float32Array(lengths.length * tokens);
  const indices = new Int32Array(lengths.length * tokens);
  let next = 0;
  lengths.forEach((length, branch) => {
    for (let t = 0; t < length; t++) {
      mask[branch * tokens + t] = 1;
      indices[branch * tokens + t] = next++;
    }
  });
  return { branches: lengths.length, tokens, mask, indices };
}

/** Values of all tokens, branch after branch, as a [B, T] matrix; 0 in padding. Differentiable. */
export function toMatrix(values_M: tf.Tensor1D, matrix: BranchMatrix): tf.Tensor2D {
  const shape: [number, number] = [matrix.branches, matrix.tokens];
  return tf.tidy(() => {
    const values_M_1: tf.Tensor2D = tf.reshape(values_M, [-1, 1]);
    const cells = embeddingLookup(values_M_1, tf.tensor1d(matrix.indices, 'int32'));
    return tf.mul<tf.Tensor2D>(tf.reshape(cells, shape), tf.tensor2d(matrix.mask, shape));
  });
}

/** Numbers of each branch's tokens as a [B, T] matrix; 0 in padding. */
export function fromRows(rows: readonly (readonly number[])[], matrix: BranchMatrix): tf.Tensor2D {
  const values = new Float32Array(matrix.branches * matrix.tokens);
  rows.forEach((row, branch) => {
    values.set(row, branch * matrix.tokens);
  });
  return tf.tensor2d(values, [matrix.branches, matrix.tokens]);
}
