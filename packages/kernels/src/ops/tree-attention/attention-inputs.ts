import * as tf from '@tensorflow/tfjs-core';
import { requireInput } from '../operation-input-error.js';
import { withGradient } from '../with-gradient.js';

/** Throws an `OperationInputError` unless queries, keys and values fit each other. Reads shapes only. */
export function requireAttentionInputs(
  operation: string,
  { shape: q }: tf.Tensor,
  { shape: k }: tf.Tensor,
  { shape: v }: tf.Tensor,
): void {
  const fits =
    q.length === 3 && k.length === 3 && `${k}` === `${v}` && q[2] === k[2] && k[1] > 0 && q[1] % k[1] === 0;
  requireInput(
    fits,
    () =>
      `${operation}: expected q [M, H, D] with k and v [N, K, D], where K divides H, got [${q}], [${k}] and [${v}]`,
  );
}

/** What attention gives without queries: nothing, and gradients of zero. */
export const attentionOfNone = (
  q_0_H_D: tf.Tensor3D,
  k_N_K_D: tf.Tensor3D,
  v_N_K_D: tf.Tensor3D,
): tf.Tensor3D =>
  withGradient<tf.Tensor3D>([q_0_H_D, k_N_K_D, v_N_K_D], {
    forward: () => ({ value: tf.zeros(q_0_H_D.shape), saved: [q_0_H_D, k_N_K_D, v_N_K_D] }),
    backward: (_, inputs) => inputs.map((input) => tf.zerosLike(input)),
  });
