import * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';
import { requireInput } from '../operation-input-error.js';

/** Input x of any shape, float32; output its sum of squares, a scalar. */
export const SUM_OF_SQUARES = 'MidtrainSumOfSquares';

/** Keeps the scale finite when every gradient is zero; PyTorch's `clip_grad_norm_` adds the same. */
const NORM_EPSILON = 1e-6;

/**
 * The Euclidean norm of all gradients as one vector. Stays on the device: reading it is the only synchronisation.
 *
 * @param gradients float32, any shapes
 * @returns a scalar, 0 without gradients
 */
export function globalNorm(gradients: Readonly<Record<string, tf.Tensor>>): tf.Scalar {
  return tf.tidy(() => {
    const squares = Object.values(gradients).map(
      (x) => dispatch(SUM_OF_SQUARES, { x }, {}, () => [tf.tidy(() => tf.sum(tf.square(x)))])[0],
    );
    return squares.length === 0 ? tf.scalar(0) : (tf.sqrt(tf.addN(squares)) as tf.Scalar);
  });
}

/**
 * What PyTorch's `torch.nn.utils.clip_grad_norm_` multiplies gradients by: min(1, maxNorm / (norm + 10⁻⁶)).
 *
 * @param gradients float32, any shapes
 * @param maxNorm > 0
 * @returns two scalars, the factor and the norm before clipping; the caller disposes of both
 * @throws {OperationInputError} when maxNorm is not positive
 */
export function clipScale(
  gradients: Readonly<Record<string, tf.Tensor>>,
  maxNorm: number,
): { readonly scale: tf.Scalar; readonly norm: tf.Scalar } {
  requireInput(maxNorm > 0, () => `clipByGlobalNorm: maxNorm must be above 0, got ${maxNorm}`);
  return tf.tidy(() => {
    const norm = globalNorm(gradients);
    return { scale: tf.minimum(1, tf.div(maxNorm, tf.add(norm, NORM_EPSILON))), norm };
  });
}

/**
 * Scales all gradients by {@link clipScale}.
 *
 * @param gradients float32, any shapes; left as they are
 * @param maxNorm > 0
 * @returns new gradients under the same names, and the norm before clipping (a scalar); the caller disposes of both
 * @throws {OperationInputError} when maxNorm is not positive
 */
export function clipByGlobalNorm(
  gradients: Readonly<Record<string, tf.Tensor>>,
  maxNorm: number,
): { readonly gradients: Record<string, tf.Tensor>; readonly norm: tf.Scalar } {
  return tf.tidy(() => {
    const { scale, norm } = clipScale(gradients, maxNorm);
    const clipped = Object.entries(gradients).map(([name, x]) => [name, tf.mul(x, scale)] as const);
    return { gradients: Object.fromEntries(clipped), norm };
  });
}
