import * as tf from '@tensorflow/tfjs-core';

/** 0, whose gradient with respect to each tensor is the direction given for it: Σ ⟨x, direction⟩ without its value. */
export function gradientsAlong(tensors: readonly tf.Tensor[], directions: readonly tf.Tensor[]): tf.Scalar {
  const operation = tf.customGrad((...received) => {
    const save = received[received.length - 1] as tf.GradSaveFunc;
    save([...directions]);
    return {
      value: tf.scalar(0),
      gradFunc: (gradient, saved) =>
        (saved as tf.Tensor[]).map((direction) => tf.mul(direction, gradient as tf.Scalar)),
    };
  });
  return operation(...tensors) as tf.Scalar;
}
