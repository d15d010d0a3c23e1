import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FoundSetup, findSetups } from '../setup/setup-folder.js';
import { smokeTest } from '../setup/smoke-test.js';
import { findPackage, type InstalledPackage, requireHere } from './installed-package.js';
import { describeSetup, isOutdated, outdatedHint, registerSetup } from './tensorflow-setup.js';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** Something that may bring the backend `tensorflow`. */
export interface TensorflowSource {
  /** What it is, for a reason. */
  readonly description: string;
  readonly version: string;
  /** Loads it; afterwards the backend is registered. */
  readonly register: () => void;
  /** Says that it can be loaded, in a few words, without doing so here. Throws where it cannot. */
  readonly probe: () => Promise<string>;
}

/** All that may be loaded, best first, and what is missing. */
export interface TensorflowSources {
  readonly sources: readonly TensorflowSource[];
  readonly missing: readonly string[];
  /** Of a package that is installed without what is needed to load it. */
  readonly version?: string;
}

const ofSetup = (setup: FoundSetup): TensorflowSource => ({
  description: describeSetup(setup),
  version: setup.manifest.tensorflow,
  register: () => {
    registerSetup(setup);
    if (!isOutdated(setup)) return;
    process.emitWarning(`backend tensorflow: ${outdatedHint(setup)}`, {
      code: 'MIDTRAIN_SETUP_OUTDATED',
    });
  },
  probe: async () => `it computes on ${(await smokeTest(setup.folder)).devices.join(', ')}`,
});

const ofPackage = ({ name, version }: InstalledPackage): TensorflowSource => ({
  description: name,
  version,
  register: () => {
    requireHere(name);
  },
  probe: async () => 'it is installed',
});

const hasAddon = ({ folder }: InstalledPackage): boolean => {
  const lib = join(folder, 'lib');
  return (
    existsSync(lib) && readdirSync(lib).some((version) => existsSync(join(lib, version, 'tfjs_binding.node')))
  );
};

/** Looks for what brings the tensorflow backend on this machine. Nothing is loaded. */
export function findTensorflow(): TensorflowSources {
  const setups = findSetups();
  const packages = PACKAGES.map((name) => ({ name, found: findPackage(name) }));
  return {
    sources: [
      ...setups.map(ofSetup),
      ...packages.flatMap(({ found }) => (found && hasAddon(found) ? [ofPackage(found)] : [])),
    ],
    missing: [
      ...(setups.length === 0 ? ['TensorFlow is not set up'] : []),
      ...packages.flatMap(({ name, found }) => {
        if (!found) return [`${name} is not installed`];
        return hasAddon(found) ? [] : [`${name} is installed without its native addon`];
      }),
    ],
    version: packages.find(({ found }) => found !== undefined)?.found?.version,
  };
}
