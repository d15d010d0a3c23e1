import * as tf from '@tensorflow/tfjs-core';

/** Whether the current tfjs backend has a kernel of this name. */
export function hasKernel(kernelName: string): boolean {
  return tf.getKernel(kernelName, tf.getBackend()) !== undefined;
}

/**
 * Runs a fused kernel of the current tfjs backend.
 *
 * A specialisation is an ordinary tfjs kernel: `tf.registerKernel({ kernelName, backendName, kernelFunc })`. Anyone can
 * add one for any backend; the operation picks it up at its next call. Kernel names start with `Midtrain`.
 *
 * Call it inside `tf.customGrad` (forward or gradient): fused kernels carry no tfjs gradient of their own.
 *
 * @param inputs tensors by the names the kernel reads; one that lives on another backend is moved on first access
 * @param attributes what else the kernel reads; passed on as it is
 * @returns the kernel's outputs, in its order
 */
export function runKernel(
  kernelName: string,
  inputs: tf.NamedTensorMap,
  attributes: object = {},
): tf.Tensor[] {
  const outputs = tf
    .engine()
    .runKernel<tf.Tensor | tf.Tensor[]>(kernelName, inputs, attributes as tf.NamedAttrMap);
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** The current backend's kernel of this name when there is one, else the reference. */
export function dispatch(
  kernelName: string,
  inputs: tf.NamedTensorMap,
  attributes: object,
  reference: () => tf.Tensor[],
): tf.Tensor[] {
  return hasKernel(kernelName) ? runKernel(kernelName, inputs, attributes) : reference();
}
