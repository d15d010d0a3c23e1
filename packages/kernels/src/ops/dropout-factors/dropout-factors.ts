import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../dispatch.js';

/** Input seed int32 [2]; attributes shape and share; output factors of that shape, float32. */
export const DROPOUT_FACTORS = 'MidtrainDropoutFactors';

/**
 * Factors that are 0 with probability `share`, each by itself, and else 1 / (1 − share). The same seed gives the same, on the
 * same backend.
 *
 * @param share 0 < share < 1
 * @param seed_2 int32
 * @param onHost draws the factors where the backend draws none, from whatever the seed was made of
 */
export function dropoutFactors(
  shape: readonly [rows: number, columns: number],
  share: number,
  seed_2: tf.Tensor1D,
  onHost: () => Float32Array,
): tf.Tensor2D {
  if (!hasKernel(DROPOUT_FACTORS)) return tf.tensor2d(onHost(), [...shape]);
  return runKernel(DROPOUT_FACTORS, { seed: seed_2 }, { shape, share })[0] as tf.Tensor2D;
}
