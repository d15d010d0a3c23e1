import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { isBuiltFromOther } from '../setup/build-binding.js';
import { type FoundSetup, setupPlaces } from '../setup/setup-folder.js';
import { requireHere } from './installed-package.js';

const TFJS = Symbol.for('midtrain.tfjs');

type BackendClass = new (binding: object, packageName: string) => tf.KernelBackend;

/** A folder as people write it. */
const shown = (folder: string): string => folder.replace(new RegExp(`^${homedir()}(?=/)`), '~');

/** Whether its binding was built from other sources than this version's: it loads, and lacks what came since. */
export const isOutdated = ({ manifest }: FoundSetup): boolean => isBuiltFromOther(manifest.bindingSource);

/** What to do about a set-up that is outdated. */
export const outdatedHint = ({ manifest }: FoundSetup): string =>
  `its binding is another midtrain's, without this one's operations or with others; run \`midtrain setup tensorflow${manifest.cuda ? ' --cuda' : ''}\` again`;

/** What a set-up is, in a few words. */
export const describeSetup = (setup: FoundSetup): string => {
  const { folder, manifest } = setup;
  const what = `TensorFlow ${manifest.tensorflow}${manifest.cuda ? ' for CUDA' : ''} under tfjs-${manifest.package} ${manifest.tfjsNode}, set up in ${shown(folder)}`;
  return isOutdated(setup) ? `${what}; ${outdatedHint(setup)}` : what;
};

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
