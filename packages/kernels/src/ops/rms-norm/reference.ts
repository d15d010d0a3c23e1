import * as tf from '@tensorflow/tfjs-core';

/** 1 / √(mean(x²) + ε) of every row. [N, 1] */
const inverseRms = (x_N_D: tf.Tensor, epsilon: number): tf.Tensor =>
  tf.rsqrt(tf.add(tf.mean(tf.square(x_N_D), 1, true), epsilon));

/** `rmsNorm` in plain tfjs operations. */
export function rmsNormReference(x_N_D: tf.Tensor, weight_D: tf.Tensor, epsilon: number): tf.Tensor[] {
  return tf.tidy(() => [tf.mul(tf.mul(x_N_D, inverseRms(x_N_D, epsilon)), weight_D)]);
}

/**
 * Gradients of x and weight. With n = x·r, r = 1/√(mean(x²) + ε) and g = dy·weight:
 * dx = r·(g − n·mean(g·n)), dweight = Σ_rows dy·n.
 */
export function rmsNormGradientReference(
  x_N_D: tf.Tensor,
  weight_D: tf.Tensor,
  gradient_N_D: tf.Tensor,
  epsilon: number,
): tf.Tensor[] {
  return tf.tidy(() => {
    const r_N_1 = inverseRms(x_N_D, epsilon);
    const normed_N_D = tf.mul(x_N_D, r_N_1);
    const scaled_N_D = tf.mul(gradient_N_D, weight_D);
    const along_N_1 = tf.mean(tf.mul(scaled_N_D, normed_N_D), 1, true);
    return [
      tf.mul(tf.sub(scaled_N_D, tf.mul(normed_N_D, along_N_1)), r_N_1),
      tf.sum(tf.mul(gradient_N_D, normed_N_D), 0),
    ];
  });
}
