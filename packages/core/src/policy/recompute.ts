import * as tf from '@tensorflow/tfjs-core';
import type { RotaryAngles } from './rotary-table.js';

/** Takes a gradient inside of another's backward pass, which tfjs forgets the outer tape over. */
function withinBackward<T>(take: () => T): T {
  const { state } = tf.engine();
  const outer = state.activeTape;
  try {
    return take();
  } finally {
    state.activeTape = outer;
  }
}

/**
 * A layer of which only the input is kept for the backward pass, where it is computed anew (arXiv 1604.06174). Value and
 * gradients are those of the layer itself.
 *
 * @param parameters those of its variables that train; all of them take part in it
 * @param layer must compute the same whenever it is called
 */
export function recomputed(
  x_N_D: tf.Tensor2D,
  angles: RotaryAngles,
  parameters: readonly tf.Variable[],
  layer: (x_N_D: tf.Tensor2D, angles: RotaryAngles) => tf.Tensor2D,
): tf.Tensor2D {
  const operation = tf.customGrad((...received) => {
    const save = received[received.length - 1] as tf.GradSaveFunc;
    const value = layer(x_N_D, angles);
    save([x_N_D, angles.cos_N_R, angles.sin_N_R]);
    return {
      value,
      gradFunc: (gradient_N_D, saved) => {
        const [x, cos_N_R, sin_N_R] = saved as tf.Tensor2D[];
        const again = (input: tf.Tensor) => layer(input as tf.Tensor2D, { cos_N_R, sin_N_R });
        return withinBackward(() => tf.grads(again)([x, ...parameters], gradient_N_D as tf.Tensor2D));
      },
    };
  });
  return operation(x_N_D, ...parameters) as tf.Tensor2D;
}
