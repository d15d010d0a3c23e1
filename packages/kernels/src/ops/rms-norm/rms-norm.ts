import type * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';
import { requireInput } from '../operation-input-error.js';
import { withGradient } from '../with-gradient.js';
import { rmsNormGradientReference, rmsNormReference } from './reference.js';

/** Inputs x [N, D], weight [D]; attribute epsilon; output [N, D]. */
export const RMS_NORM = 'MidtrainRmsNorm';
/** Inputs x [N, D], weight [D], gradient [N, D]; attribute epsilon; outputs dx [N, D], dweight [D]. */
export const RMS_NORM_GRADIENT = 'MidtrainRmsNormGradient';

/**
 * Root-mean-square norm of every row: x / √(mean(x²) + ε) · weight (arXiv:1910.07467, as the Llama, Qwen2 and Qwen3
 * families use it). Differentiable in x and weight. Qwen3's query and key norms are the same with a row per head.
 *
 * @param x_N_D float32
 * @param weight_D float32
 * @param epsilon ε > 0; Llama checkpoints name it `rms_norm_eps`
 * @returns [N, D]
 * @throws {OperationInputError} when the shapes do not fit or ε is not positive
 */
export function rmsNorm(x_N_D: tf.Tensor2D, weight_D: tf.Tensor1D, epsilon: number): tf.Tensor2D {
  requireInput(
    x_N_D.shape.length === 2 && weight_D.shape.length === 1 && x_N_D.shape[1] === weight_D.shape[0],
    () => `rmsNorm: expected x [N, D] and weight [D], got [${x_N_D.shape}] and [${weight_D.shape}]`,
  );
  requireInput(epsilon > 0, () => `rmsNorm: epsilon must be above 0, got ${epsilon}`);
  return withGradient<tf.Tensor2D>([x_N_D, weight_D], {
    forward() {
      const inputs = { x: x_N_D, weight: weight_D };
      const [value] = dispatch(RMS_NORM, inputs, { epsilon }, () =>
        rmsNormReference(x_N_D, weight_D, epsilon),
      );
      return { value: value as tf.Tensor2D, saved: [x_N_D, weight_D] };
    },
    backward: (gradient, [x, weight]) =>
      dispatch(RMS_NORM_GRADIENT, { x, weight, gradient }, { epsilon }, () =>
        rmsNormGradientReference(x, weight, gradient, epsilon),
      ),
  });
}
