import { type RandomSource, seededRandom } from '@midtrain/curriculum';
import { dropoutFactors } from '@midtrain/kernels';
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

/** The seeds of some modules' zeros as one tensor, which a graph reads instead of the key. */
export interface DropoutSeeds {
  /** int32 */
  readonly seeds_M_2: tf.Tensor2D;
  readonly modules: readonly string[];
}

const streamOf = ({ pass }: DropoutKey, module: string): string => `dropout ${pass} ${module}`;

/** Makes the seeds of modules in a pass. The caller disposes of them. */
export function dropoutSeeds(key: DropoutKey, modules: readonly string[]): DropoutSeeds {
  const words = modules.flatMap((module) => {
    const random = seededRandom(key.seed, streamOf(key, module));
    return [0, 1].map(() => Math.floor(2 ** 31 * random.next()));
  });
  return { seeds_M_2: tf.tensor2d(words, [modules.length, 2], 'int32'), modules };
}

/**
 * Zeroes a share of a tensor's values and scales up the others by 1 / (1 − share). Nothing has to be stored for a run to
 * go on, or for a layer to be computed anew: seed, pass and module decide all.
 *
 * @param share 0 < share < 1
 * @param given seeds that were made of the key before; default: made here
 */
export function dropout(
  x_N_I: tf.Tensor2D,
  share: number,
  key: DropoutKey,
  module: string,
  given?: DropoutSeeds,
): tf.Tensor2D {
  return tf.tidy(() => {
    const { seeds_M_2, modules } = given ?? dropoutSeeds(key, [module]);
    const seed_2: tf.Tensor1D = tf.reshape(tf.slice(seeds_M_2, [modules.indexOf(module), 0], [1, 2]), [2]);
    const factors_N_I = dropoutFactors(x_N_I.shape, share, seed_2, () =>
      dropoutMask(x_N_I.size, share, seededRandom(key.seed, streamOf(key, module))),
    );
    return tf.mul<tf.Tensor2D>(x_N_I, factors_N_I);
  });
}
