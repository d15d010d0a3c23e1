import * as tf from '@tensorflow/tfjs-core';

/**
 * Gives `@tensorflow/tfjs-core` its gradients and the chained methods of tensors (`x.add(y)`). In Node the package's
 * main file comes without both, and only the union package `@tensorflow/tfjs` adds them, with much else. Here
 * they are tfjs-core's own modules, registered on the instance that the caller imports. Safe to call again.
 */
export async function prepareTfjs(): Promise<void> {
  if (tf.getGradient('BatchMatMul') === undefined) {
    await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  }
  if (tf.Tensor.prototype.matMul === undefined) {
    await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js');
  }
}
