import { outsideTape, releasingGradients } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { RotaryAngles } from './rotary-table.js';

/**
 * A layer of which only the input is kept for the backward pass, where it is computed anew (arXiv 1604.06174). Value and
 * gradients are those of the layer itself.
 *
 * @param parameters what else it is differentiable in, such as its variables; all of them take part in it
 * @param layer must compute the same whenever it is called
 */
export function recomputed(
  x_N_D: tf.Tensor2D,
  angles: RotaryAngles,
  parameters: readonly tf.Tensor[],
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
        const again = () => layer(x, { cos_N_R, sin_N_R });
        const { gradients } = outsideTape(() =>
          releasingGradients(again, [x, ...parameters], gradient_N_D as tf.Tensor2D),
        );
        return gradients as tf.Tensor[];
      },
    };
  });
  return operation(x_N_D, ...parameters) as tf.Tensor2D;
}
