import type * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';
import { requireInput } from '../operation-input-error.js';
import { withGradient } from '../with-gradient.js';
import { rotaryReference } from './reference.js';

/** Inputs x [N, H, D], cos [N, D/2], sin [N, D/2]; attribute inverse (rotate back); output [N, H, D]. */
export const ROTARY = 'MidtrainRotary';

/**
 * Rotary position embedding (arXiv:2104.09864) in Hugging Face's half-split layout: with x = [a | b] halves of a
 * head, the result is [a·cos − b·sin | b·cos + a·sin]. Differentiable in x; cos and sin are constants.
 *
 * @param x_N_H_D queries or keys, D even; float32
 * @param cos_N_R cosine of every token's angles, R = D/2
 * @param sin_N_R sine of the same angles
 * @returns [N, H, D]
 * @throws {OperationInputError} when the shapes do not fit
 */
export function rotary(x_N_H_D: tf.Tensor3D, cos_N_R: tf.Tensor2D, sin_N_R: tf.Tensor2D): tf.Tensor3D {
  const [tokens, , headDim] = x_N_H_D.shape;
  const fits = (angles: tf.Tensor) =>
    angles.shape.length === 2 && angles.shape[0] === tokens && angles.shape[1] * 2 === headDim;
  requireInput(
    x_N_H_D.shape.length === 3 && fits(cos_N_R) && fits(sin_N_R),
    () =>
      `rotary: expected x [N, H, D] with cos and sin [N, D/2], got [${x_N_H_D.shape}], [${cos_N_R.shape}] and [${sin_N_R.shape}]`,
  );
  const rotate = (x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor, inverse: boolean) =>
    dispatch(ROTARY, { x, cos, sin }, { inverse }, () => rotaryReference(x, cos, sin, inverse));
  return withGradient<tf.Tensor3D>([x_N_H_D], {
    forward: () => ({
      value: rotate(x_N_H_D, cos_N_R, sin_N_R, false)[0] as tf.Tensor3D,
      saved: [cos_N_R, sin_N_R],
    }),
    backward: (gradient, [cos, sin]) => rotate(gradient, cos, sin, true),
  });
}
