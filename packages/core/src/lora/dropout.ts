import { seededRandom } from '@midtrain/curriculum';
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

/**
 * Zeroes a share of a tensor's values and scales up the others by 1 / (1 − share). Nothing has to be stored for a run to
 * go on, or for a layer to be computed anew: seed, pass and module decide all.
 */
export function dropout(x_N_I: tf.Tensor2D, share: number, key: DropoutKey, module: string): tf.Tensor2D {
  const random = seededRandom(key.seed, `dropout ${key.pass} ${module}`);
  const kept = 1 / (1 - share);
  const mask = Float32Array.from({ length: x_N_I.size }, () => (random.next() < share ? 0 : kept));
  return tf.tidy(() => tf.mul<tf.Tensor2D>(x_N_I, tf.tensor2d(mask, x_N_I.shape)));
}
