import type { CompiledGradients, DifferentiableComputation } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';

/** Gradients by parameter name. */
export type Gradients = Record<string, tf.Tensor>;

/** The loss's value and its gradient with respect to every parameter of the policy that it depends on. */
export function policyGradients(
  policy: Policy,
  loss: () => tf.Scalar,
): { readonly value: tf.Scalar; readonly gradients: Gradients } {
  const entries = Object.entries(policy.parameters);
  const { value, grads } = tf.variableGrads(
    loss,
    entries.map(([, variable]) => variable),
  );
  const gradients: Gradients = {};
  for (const [name, variable] of entries) if (grads[variable.name]) gradients[name] = grads[variable.name];
  return { value, gradients };
}

/** Gradients, by parameter name, of a loss of predictions. */
export function predictionGradients(
  policy: Policy,
  run: CompiledGradients['run'],
  computation: Omit<DifferentiableComputation, 'variables'>,
): { readonly value: tf.Scalar; readonly gradients: Gradients } {
  const names = Object.keys(policy.parameters);
  const variables = names.map((name) => policy.parameters[name]);
  const found = run({ ...computation, variables });
  const gradients: Gradients = {};
  names.forEach((name, i) => {
    const gradient = found.gradients[i];
    if (gradient) gradients[name] = gradient;
  });
  return { value: found.value, gradients };
}

/** Adds gradients to a running sum and releases both; without a sum yet, the gradients are it. */
export function accumulate(sum: Gradients | undefined, gradients: Gradients): Gradients {
  if (!sum) return gradients;
  const total: Gradients = { ...sum };
  for (const [name, gradient] of Object.entries(gradients)) {
    if (!sum[name]) {
      total[name] = gradient;
      continue;
    }
    total[name] = tf.add(sum[name], gradient);
    tf.dispose([sum[name], gradient]);
  }
  return total;
}
