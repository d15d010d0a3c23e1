import * as tf from '@tensorflow/tfjs-core';
import { requireInput } from '../operation-input-error.js';

/** What AdamW remembers between steps. Belongs to the caller, who disposes of the moments. */
export interface AdamWState {
  /** Updates taken so far. */
  step: number;
  /** Running mean of the gradients, by parameter name, in the parameter's shape. */
  readonly firstMoment: Readonly<Record<string, tf.Variable>>;
  /** Running mean of the squared gradients. */
  readonly secondMoment: Readonly<Record<string, tf.Variable>>;
}

const FIRST = 'firstMoment.';
const SECOND = 'secondMoment.';
const STEP = 'step';

/**
 * The state as named tensors for a checkpoint: `step` (an int32 scalar), `firstMoment.<name>`, `secondMoment.<name>`.
 * They are copies; the caller disposes of them.
 */
export function exportAdamWState(state: AdamWState): Record<string, tf.Tensor> {
  const tensors: Record<string, tf.Tensor> = { [STEP]: tf.scalar(state.step, 'int32') };
  for (const [name, moment] of Object.entries(state.firstMoment)) tensors[FIRST + name] = tf.clone(moment);
  for (const [name, moment] of Object.entries(state.secondMoment)) tensors[SECOND + name] = tf.clone(moment);
  return tensors;
}

/**
 * The state that `exportAdamWState` wrote. Reads `step` on the host.
 * @param tensors copied, not taken over
 * @throws {OperationInputError} when `step` is missing or a name is none of the three kinds
 */
export async function importAdamWState(tensors: Readonly<Record<string, tf.Tensor>>): Promise<AdamWState> {
  requireInput(STEP in tensors, () => `AdamW state: tensor "${STEP}" is missing`);
  const [step] = await tensors[STEP].data();
  const firstMoment: Record<string, tf.Variable> = {};
  const secondMoment: Record<string, tf.Variable> = {};
  const copy = (tensor: tf.Tensor) => tf.tidy(() => tf.variable(tf.clone(tensor), false));
  for (const [name, tensor] of Object.entries(tensors)) {
    if (name.startsWith(FIRST)) firstMoment[name.slice(FIRST.length)] = copy(tensor);
    else if (name.startsWith(SECOND)) secondMoment[name.slice(SECOND.length)] = copy(tensor);
    else
      requireInput(
        name === STEP,
        () => `AdamW state: tensor "${name}" is none of ${STEP}, ${FIRST}*, ${SECOND}*`,
      );
  }
  return { step, firstMoment, secondMoment };
}

/** Checks that every gradient has a parameter and moments of its shape. */
export function checkState(
  parameters: Readonly<Record<string, tf.Variable>>,
  gradients: Readonly<Record<string, tf.Tensor>>,
  state: AdamWState,
): void {
  for (const [name, gradient] of Object.entries(gradients)) {
    const parts = {
      parameter: parameters[name],
      firstMoment: state.firstMoment[name],
      secondMoment: state.secondMoment[name],
    };
    for (const [part, tensor] of Object.entries(parts)) {
      requireInput(tensor !== undefined, () => `adamW: gradient "${name}" has no ${part}`);
      requireInput(
        `${tensor.shape}` === `${gradient.shape}`,
        () => `adamW: gradient "${name}" is [${gradient.shape}], its ${part} [${tensor.shape}]`,
      );
    }
  }
}
