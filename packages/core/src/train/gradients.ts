import { releasingGradients } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';

/** Gradients by parameter name. */
export type Gradients = Record<string, tf.Tensor>;

/** The loss's value and its gradient with respect to every parameter of the policy that it depends on. */
export function policyGradients(
  policy: Policy,
  loss: () => tf.Scalar,
): { readonly value: tf.Scalar; readonly gradients: Gradients } {
  const variables = Object.values(policy.parameters);
  const { value, gradients } = releasingGradients(loss, variables);
  return { value, gradients: namedGradients(Object.keys(policy.parameters), gradients) };
}

/** Gradients by name, of those that have one. */
export function namedGradients(
  names: readonly string[],
  gradients: readonly (tf.Tensor | undefined)[],
): Gradients {
  const named: Gradients = {};
  names.forEach((name, i) => {
    const gradient = gradients[i];
    if (gradient) named[name] = gradient;
  });
  return named;
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
