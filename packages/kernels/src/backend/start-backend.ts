import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes a registered backend of tfjs the active one. Where it does not start, tfjs calls it the active one all the same, and
 * tells the console why: then the one that was active before becomes it again.
 *
 * @returns whether it started
 */
export async function startBackend(name: string): Promise<boolean> {
  const before = tf.getBackend();
  if (await tf.setBackend(name)) return true;
  if (before && before !== name && tf.findBackendFactory(before) !== null) await tf.setBackend(before);
  return false;
}
