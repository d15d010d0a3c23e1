import * as tf from '@tensorflow/tfjs-core';
import { type AdamWOptions, adamWSettings } from './adam-w.js';

/** A parameter after an update, and its moments. */
type AdamWUpdated = [parameter: tf.Tensor, firstMoment: tf.Tensor, secondMoment: tf.Tensor];

/** AdamW without side effects, for computations that are compiled. */
export interface AdamWFunction {
  /**
   * What the step number and the learning rate decide.
   * @param step 1 for the first step
   * @returns float32 [3], to be given to `update`
   */
  scalars(step: number, learningRate: number): tf.Tensor1D;
  /**
   * The new parameter and its new moments.
   * @param name decides whether the parameter decays
   */
  update(
    name: string,
    tensors: {
      readonly parameter: tf.Tensor;
      readonly gradient: tf.Tensor;
      readonly firstMoment: tf.Tensor;
      readonly secondMoment: tf.Tensor;
    },
    scalars_3: tf.Tensor1D,
  ): AdamWUpdated;
}

/**
 * `adamW` as a function of tensors only: the same update, whose step size is an input rather than a constant.
 * @throws {OperationInputError} when an option is out of range
 */
export function adamWFunction(options: AdamWOptions = {}): AdamWFunction {
  const { beta1, beta2, epsilon, weightDecay, decays } = adamWSettings(options);
  return {
    scalars(step, learningRate) {
      // θ ← θ·shrink − stepSize·m / (√v + ε·scale): one product less for each element than dividing √v by scale.
      const scale = Math.sqrt(1 - beta2 ** step);
      const stepSize = (learningRate * scale) / (1 - beta1 ** step);
      return tf.tensor1d([stepSize, epsilon * scale, 1 - learningRate * weightDecay]);
    },
    update: (name, { parameter, gradient, firstMoment, secondMoment }, scalars_3) =>
      tf.tidy((): AdamWUpdated => {
        const [stepSize, shift, shrink] = [0, 1, 2].map((i) => tf.reshape(tf.slice(scalars_3, [i], [1]), []));
        const first = tf.add(firstMoment, tf.mul(tf.sub(gradient, firstMoment), 1 - beta1));
        const second = tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const moved = tf.div(tf.mul(first, stepSize), tf.add(tf.sqrt(second), shift));
        const kept = decays(name) ? tf.mul(parameter, shrink) : parameter;
        return [tf.sub(kept, moved), first, second];
      }),
  };
}
