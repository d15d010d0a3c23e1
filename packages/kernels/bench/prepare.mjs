// The wasm backend of tfjs as it is shipped, or with midtrain's kernels.
import * as tf from '@tensorflow/tfjs-core';
import { prepareTfjs, selectBackend } from '../dist/index.js';

export async function prepare(variant) {
  if (variant !== 'shipped') {
    const { reason } = await selectBackend({ backend: 'wasm' });
    process.stderr.write(`${reason}\n`);
    return tf;
  }
  await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm'))) throw new Error('wasm does not start');
  await prepareTfjs();
  return tf;
}
