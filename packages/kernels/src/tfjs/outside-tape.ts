import * as tf from '@tensorflow/tfjs-core';

/**
 * Computes something of its own in the middle of what tfjs differentiates, forward or backward: nothing of it is
 * recorded there, and gradients may be taken in it, which tfjs forgets the outer tape over. Tensors that are to outlive
 * the scope that it is called in must be kept.
 */
export function outsideTape<T>(compute: () => T): T {
  const { state } = tf.engine();
  const { activeTape, gradientDepth } = state;
  state.gradientDepth = 0;
  try {
    return compute();
  } finally {
    state.activeTape = activeTape;
    state.gradientDepth = gradientDepth;
  }
}
