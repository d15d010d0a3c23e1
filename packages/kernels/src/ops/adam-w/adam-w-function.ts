import * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';
import { type AdamWOptions, adamWSettings } from './adam-w.js';

/** Inputs as `AdamWFunctionInputs`; outputs the new parameter and its moments. */
export const ADAM_W_FUNCTION = 'MidtrainAdamWUpdate';

/** What a kernel of `ADAM_W_FUNCTION` is given. */
interface AdamWFunctionInputs {
  readonly parameter: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly firstMoment: tf.Tensor;
  readonly secondMoment: tf.Tensor;
  /** Of `AdamWFunction.scalars`. [3] */
  readonly scalars: tf.Tensor;
  /** The gradient is multiplied by it. [] */
  readonly factor: tf.Tensor;
}

/** What decides an update besides tensors. */
interface AdamWFunctionAttributes {
  readonly beta1: number;
  readonly beta2: number;
  readonly decays: boolean;
}

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
  update(name: string, tensors: AdamWFunctionInputs): AdamWUpdated;
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
    update(name, tensors) {
      const attributes: AdamWFunctionAttributes = { beta1, beta2, decays: decays(name) };
      const updated = dispatch(ADAM_W_FUNCTION, { ...tensors }, attributes, () =>
        reference(tensors, attributes),
      );
      return updated as AdamWUpdated;
    },
  };
}

function reference(
  { parameter, gradient, firstMoment, secondMoment, scalars, factor }: AdamWFunctionInputs,
  { beta1, beta2, decays }: AdamWFunctionAttributes,
): AdamWUpdated {
  return tf.tidy((): AdamWUpdated => {
    const [stepSize, shift, shrink] = [0, 1, 2].map((i) => tf.reshape(tf.slice(scalars, [i], [1]), []));
    const scaled = tf.mul(gradient, factor);
    const first = tf.add(firstMoment, tf.mul(tf.sub(scaled, firstMoment), 1 - beta1));
    const second = tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(scaled), 1 - beta2));
    const moved = tf.div(tf.mul(first, stepSize), tf.add(tf.sqrt(second), shift));
    const kept = decays ? tf.mul(parameter, shrink) : parameter;
    return [tf.sub(kept, moved), first, second];
  });
}
