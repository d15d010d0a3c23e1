import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type FoundSetup, setupPlaces } from '../setup/setup-folder.js';
import { requireHere } from './installed-package.js';

const TFJS = Symbol.for('midtrain.tfjs');

type BackendClass = new (binding: object, packageName: string) => tf.KernelBackend;

/** A folder as people write it. */
const shown = (folder: string): string => folder.replace(new RegExp(`^${homedir()}(?=/)`), '~');

/** What a set-up is, in a few words. */
export const describeSetup = ({ folder, manifest }: FoundSetup): string =>
  `TensorFlow ${manifest.tensorflow}${manifest.cuda ? ' for CUDA' : ''} under tfjs-${manifest.package} ${manifest.tfjsNode}, set up in ${shown(folder)}`;

/**
 * Loads what `midtrain setup tensorflow` made and registers its backend, with the tfjs that this package uses.
 * @throws whatever loading the binding throws
 */
export function registerSetup({ folder, manifest }: FoundSetup): void {
  const { tfjsNode, before, binding } = setupPlaces(folder);
  const requireThere = createRequire(join(tfjsNode, 'package.json'));
  const shared = globalThis as { [TFJS]?: unknown };
  shared[TFJS] = requireHere('@tensorflow/tfjs-core');
  try {
    requireThere(before);
    const native = requireThere(binding) as object;
    requireThere('./dist/register_all_kernels.js');
    const { NodeJSKernelBackend } = requireThere('./dist/nodejs_kernel_backend.js') as {
      readonly NodeJSKernelBackend: BackendClass;
    };
    const name = `@tensorflow/tfjs-${manifest.package}`;
    tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(native, name), 3);
  } finally {
    delete shared[TFJS];
  }
}
