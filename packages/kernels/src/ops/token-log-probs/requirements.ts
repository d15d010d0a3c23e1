import type * as tf from '@tensorflow/tfjs-core';
import { requireInput } from '../operation-input-error.js';

/** Throws an `OperationInputError` unless hidden states, a head and targets fit each other. Reads shapes and dtypes only. */
export function requireHeadInputs(
  operation: string,
  hidden_N_D: tf.Tensor,
  weight_V_D: tf.Tensor,
  targetIds_N: tf.Tensor,
): void {
  requireInput(
    hidden_N_D.shape.length === 2 &&
      weight_V_D.shape.length === 2 &&
      hidden_N_D.shape[1] === weight_V_D.shape[1],
    () =>
      `${operation}: expected hidden [N, D] and weight [V, D], got [${hidden_N_D.shape}] and [${weight_V_D.shape}]`,
  );
  requireInput(
    targetIds_N.dtype === 'int32' && `${targetIds_N.shape}` === `${hidden_N_D.shape[0]}`,
    () =>
      `${operation}: expected int32 targetIds [${hidden_N_D.shape[0]}], got ${targetIds_N.dtype} [${targetIds_N.shape}]`,
  );
}

/** Throws an `OperationInputError` unless `tokenLogProbs` can take these settings. */
export function requireLogProbsOptions(temperature: number, chunkTokens: number | undefined): void {
  requireInput(temperature > 0, () => `tokenLogProbs: temperature must be above 0, got ${temperature}`);
  requireInput(
    chunkTokens === undefined || (Number.isInteger(chunkTokens) && chunkTokens > 0),
    () => `tokenLogProbs: chunkTokens must be a positive integer, got ${chunkTokens}`,
  );
}
