import * as tf from '@tensorflow/tfjs-core';

/** A fused operation's two halves. */
export interface FusedOperation<Output extends tf.Tensor> {
  /** Computes the output and names the tensors that the gradient will need. */
  forward(): { readonly value: Output; readonly saved: readonly tf.Tensor[] };
  /** The gradient of every differentiable input, in order, from the output's gradient. */
  backward(gradient: Output, saved: readonly tf.Tensor[]): tf.Tensor[];
}

/** `tf.customGrad` with types: an operation that is differentiable in `inputs`, once. */
export function withGradient<Output extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  operation: FusedOperation<Output>,
): Output {
  const differentiable = tf.customGrad<tf.Tensor>((...received) => {
    const save = received[received.length - 1] as tf.GradSaveFunc;
    const { value, saved } = operation.forward();
    save([...saved]);
    return { value, gradFunc: (gradient, kept) => operation.backward(gradient as Output, kept) };
  });
  return differentiable(...inputs) as Output;
}
