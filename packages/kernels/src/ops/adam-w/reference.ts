import * as tf from '@tensorflow/tfjs-core';

/** One parameter's update, with everything that the step number decides worked out. */
export interface AdamWAttributes {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** learningRate / (1 − beta1^step). */
  readonly stepSize: number;
  /** √(1 − beta2^step). */
  readonly secondMomentScale: number;
  /** 1 − learningRate · weightDecay, or 1 for a parameter that does not decay. */
  readonly shrink: number;
}

/** The AdamW update in plain tfjs operations: the new parameter, first and second moment. */
export function adamWReference(
  parameter: tf.Tensor,
  gradient: tf.Tensor,
  firstMoment: tf.Tensor,
  secondMoment: tf.Tensor,
  { beta1, beta2, epsilon, stepSize, secondMomentScale, shrink }: AdamWAttributes,
): tf.Tensor[] {
  return tf.tidy(() => {
    const first = tf.add(tf.mul(firstMoment, beta1), tf.mul(gradient, 1 - beta1));
    const second = tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const divisor = tf.add(tf.div(tf.sqrt(second), secondMomentScale), epsilon);
    return [tf.sub(tf.mul(parameter, shrink), tf.mul(tf.div(first, divisor), stepSize)), first, second];
  });
}
