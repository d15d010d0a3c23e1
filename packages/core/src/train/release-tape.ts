import * as tf from '@tensorflow/tfjs-core';

/** Releases what a forward pass that failed had saved for its backward pass: tfjs keeps it, and forgets that it does. */
export function releaseTape(): void {
  const { state } = tf.engine();
  // Within another's gradients the tape is that one's too.
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
  state.activeTape = [];
}
