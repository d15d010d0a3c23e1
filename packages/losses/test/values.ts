import { grad, type Scalar, type Tensor, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { PolicyLoss, PolicyLossInput } from '../src/index.js';

/** The tensor's values; it is disposed of. */
export function take(tensor: Tensor): number[] {
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values;
}

/** The loss alone, with its metrics disposed of. */
export function lossAlone(policyLoss: PolicyLoss, input: PolicyLossInput): Scalar {
  const { loss, metrics } = policyLoss(input);
  for (const metric of Object.values(metrics)) metric.dispose();
  return loss;
}

/** The loss as a number. */
export const lossValue = (policyLoss: PolicyLoss, input: PolicyLossInput): number =>
  take(lossAlone(policyLoss, input))[0];

/** Row-major gradient of a scalar function at `values`. */
export const gradientAt = (f: (x: Tensor2D) => Scalar, values: number[][]): number[] =>
  take(tidy(() => grad((x) => f(x as Tensor2D))(tensor2d(values))));

/** The metrics as numbers; the tensors are disposed of. */
export function metricValues(policyLoss: PolicyLoss, input: PolicyLossInput): Record<string, number> {
  const { loss, metrics } = policyLoss(input);
  loss.dispose();
  return Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, take(metric)[0]]));
}
