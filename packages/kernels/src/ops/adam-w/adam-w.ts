import * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';
import { requireInput } from '../operation-input-error.js';
import { type AdamWState, checkState } from './adam-w-state.js';
import { type AdamWAttributes, adamWReference } from './reference.js';

/**
 * Inputs parameter, gradient, firstMoment, secondMoment (one shape); attributes as `AdamWAttributes`; outputs the new
 * parameter and moments. A kernel may write into an input's memory when nothing else holds it.
 */
export const ADAM_W = 'MidtrainAdamW';

/** Settings of `adamW`. */
export interface AdamWOptions {
  /** Decay of the first moment, 0 ≤ beta1 < 1. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, 0 ≤ beta2 < 1. Default 0.95. */
  readonly beta2?: number;
  /** Added to the root of the second moment, > 0. Default 1e-8. */
  readonly epsilon?: number;
  /** Decoupled weight decay, ≥ 0, a share of the parameter per unit of learning rate. Default 0.1. */
  readonly weightDecay?: number;
  /** Which parameters decay, by name. Default: all. */
  readonly decays?: (name: string) => boolean;
}

/** An optimiser without a state of its own: the caller holds and stores it. */
export interface AdamW {
  /** Moments of zero for every parameter, at step 0. */
  init(parameters: Readonly<Record<string, tf.Variable>>): AdamWState;
  /**
   * Takes one step: assigns the parameters and the state's moments anew and counts the step.
   * @param gradients by the parameters' names; a parameter without one is left as it is, moments too
   * @param learningRate ≥ 0
   * @throws {OperationInputError} when a gradient or moment is missing or does not fit
   */
  update(
    parameters: Readonly<Record<string, tf.Variable>>,
    gradients: Readonly<Record<string, tf.Tensor>>,
    state: AdamWState,
    learningRate: number,
  ): void;
}

/**
 * The options with their defaults.
 * @throws {OperationInputError} when one is out of range
 */
export function adamWSettings(options: AdamWOptions): Required<AdamWOptions> {
  const { beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8, weightDecay = 0.1, decays = () => true } = options;
  requireInput(beta1 >= 0 && beta1 < 1, () => `adamW: beta1 must be in [0, 1), got ${beta1}`);
  requireInput(beta2 >= 0 && beta2 < 1, () => `adamW: beta2 must be in [0, 1), got ${beta2}`);
  requireInput(epsilon > 0, () => `adamW: epsilon must be above 0, got ${epsilon}`);
  requireInput(weightDecay >= 0, () => `adamW: weightDecay must not be negative, got ${weightDecay}`);
  return { beta1, beta2, epsilon, weightDecay, decays };
}

/**
 * Adam with decoupled weight decay (arXiv:1711.05101), step by step as `torch.optim.AdamW`: the parameter shrinks by
 * 1 − learningRate · weightDecay, then moves by learningRate · m̂ / (√v̂ + ε) with bias-corrected moments.
 *
 * @throws {OperationInputError} when an option is out of range
 */
export function adamW(options: AdamWOptions = {}): AdamW {
  const { beta1, beta2, epsilon, weightDecay, decays } = adamWSettings(options);

  return {
    init: (parameters) => ({
      step: 0,
      firstMoment: zerosFor(parameters),
      secondMoment: zerosFor(parameters),
    }),
    update(parameters, gradients, state, learningRate) {
      requireInput(learningRate >= 0, () => `adamW: learningRate must not be negative, got ${learningRate}`);
      checkState(parameters, gradients, state);
      state.step += 1;
      const common = {
        beta1,
        beta2,
        epsilon,
        stepSize: learningRate / (1 - beta1 ** state.step),
        secondMomentScale: Math.sqrt(1 - beta2 ** state.step),
      };
      for (const [name, gradient] of Object.entries(gradients)) {
        const shrink = decays(name) ? 1 - learningRate * weightDecay : 1;
        const targets = [parameters[name], state.firstMoment[name], state.secondMoment[name]] as const;
        step(targets, gradient, { ...common, shrink });
      }
    },
  };
}

function step(
  [parameter, firstMoment, secondMoment]: readonly [tf.Variable, tf.Variable, tf.Variable],
  gradient: tf.Tensor,
  attributes: AdamWAttributes,
): void {
  const inputs = { parameter, gradient, firstMoment, secondMoment };
  const updated = dispatch(ADAM_W, inputs, attributes, () =>
    adamWReference(parameter, gradient, firstMoment, secondMoment, attributes),
  );
  [parameter, firstMoment, secondMoment].forEach((variable, index) => {
    variable.assign(updated[index]);
    updated[index].dispose();
  });
}

function zerosFor(parameters: Readonly<Record<string, tf.Variable>>): Record<string, tf.Variable> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false)),
    ]),
  );
}
