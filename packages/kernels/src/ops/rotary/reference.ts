import * as tf from '@tensorflow/tfjs-core';

/**
 * `rotary` in plain tfjs operations. A rotation's transpose is the rotation back, so the gradient of x is the
 * incoming gradient rotated with `inverse`.
 */
export function rotaryReference(
  x_N_H_D: tf.Tensor,
  cos_N_R: tf.Tensor,
  sin_N_R: tf.Tensor,
  inverse: boolean,
): tf.Tensor[] {
  return tf.tidy(() => {
    const [tokens, heads, headDim] = x_N_H_D.shape;
    const half = headDim / 2;
    const cos = tf.reshape(cos_N_R, [tokens, 1, half]);
    const sin = tf.reshape(inverse ? tf.neg(sin_N_R) : sin_N_R, [tokens, 1, half]);
    const first = tf.slice(x_N_H_D, [0, 0, 0], [tokens, heads, half]);
    const second = tf.slice(x_N_H_D, [0, 0, half], [tokens, heads, half]);
    return [
      tf.concat(
        [tf.sub(tf.mul(first, cos), tf.mul(second, sin)), tf.add(tf.mul(second, cos), tf.mul(first, sin))],
        2,
      ),
    ];
  });
}
