import { type RandomSource, seededRandom } from '@midtrain/curriculum';
import * as tf from '@tensorflow/tfjs-core';

/** Decides which inputs are dropped in a pass. The same key drops the same, whenever it is asked. */
export interface DropoutKey {
  readonly seed: number;
  /** Tells the pass from all others of the run: its step and its part. */
  readonly pass: string;
}

/** The key of one part of a pass that is computed in several. */
export function partOf({ seed, pass }: DropoutKey, part: number): DropoutKey {
  return { seed, pass: `${pass} part ${part}` };
}

/** Factors 0 with probability `share`, else 1 / (1 − share). Draws the gaps between zeros, which are geometric. */
function dropoutMask(size: number, share: number, random: RandomSource): Float32Array {
  const mask = new Float32Array(size).fill(1 / (1 - share));
  const gap = () => Math.floor(Math.log1p(-random.next()) / Math.log1p(-share));
  for (let i = gap(); i < size; i += 1 + gap()) mask[i] = 0;
  return mask;
}

/**
 * Zeroes a share of a tensor's values and scales up the others by 1 / (1 − share). Nothing has to be stored for a run to
 * go on, or for a layer to be computed anew: seed, pass and module decide all.
 *
 * @param share 0 < share < 1
 */
export function dropout(x_N_I: tf.Tensor2D, share: number, key: DropoutKey, module: string): tf.Tensor2D {
  const mask = dropoutMask(x_N_I.size, share, seededRandom(key.seed, `dropout ${key.pass} ${module}`));
  return tf.tidy(() => tf.mul<tf.Tensor2D>(x_N_I, tf.tensor2d(mask, x_N_I.shape)));
}
