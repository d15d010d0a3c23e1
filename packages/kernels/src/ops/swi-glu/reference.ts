import * as tf from '@tensorflow/tfjs-core';

/** `swiGlu` in plain tfjs operations. */
export function swiGluReference(gate_N_F: tf.Tensor, up_N_F: tf.Tensor): tf.Tensor[] {
  return tf.tidy(() => [tf.mul(tf.mul(gate_N_F, tf.sigmoid(gate_N_F)), up_N_F)]);
}

/** Gradients of gate and up: with s = σ(gate), silu′ = s·(1 + gate·(1 − s)). */
export function swiGluGradientReference(
  gate_N_F: tf.Tensor,
  up_N_F: tf.Tensor,
  gradient_N_F: tf.Tensor,
): tf.Tensor[] {
  return tf.tidy(() => {
    const sigmoid = tf.sigmoid(gate_N_F);
    const silu = tf.mul(gate_N_F, sigmoid);
    const slope = tf.add(sigmoid, tf.mul(silu, tf.sub(1, sigmoid)));
    return [tf.mul(tf.mul(gradient_N_F, up_N_F), slope), tf.mul(gradient_N_F, silu)];
  });
}
