import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { addedSourceHash, buildBinding } from './build-binding.js';
import {
  NAPI_VERSION,
  npmDistributions,
  TENSORFLOW_VERSION,
  TFJS_NODE_VERSION,
  type TfjsNodePackage,
  wheelDistributions,
} from './distributions.js';
import { fetchPackage } from './fetch-packages.js';
import { fetchWheels } from './fetch-wheels.js';
import { findPrograms } from './requirements.js';
import {
  cacheFolder,
  filesBelow,
  readManifest,
  type SetupManifest,
  setupFolder,
  setupPlaces,
} from './setup-folder.js';
import { holdLock } from './setup-lock.js';
import { type SmokeTest, smokeTest } from './smoke-test.js';

/** Settings of `setupTensorflow`. */
export interface SetupTensorflowOptions {
  /** TensorFlow for CUDA with NVIDIA's libraries, instead of for the CPU. Default false. */
  readonly cuda?: boolean;
  /** The npm package that the backend's JavaScript and binding come from. Default node, with `cuda` node-gpu. */
  readonly package?: TfjsNodePackage;
  /** Is told what is going on, a line at a time. */
  readonly report?: (line: string) => void;
}

/** A TensorFlow that is set up and has computed something. */
export interface TensorflowSetup extends SmokeTest {
  readonly folder: string;
  readonly package: TfjsNodePackage;
  readonly cuda: boolean;
  /** Whether it had been set up before: then its files were compared with their checksums. */
  readonly existed: boolean;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

async function hashes(folder: string, paths: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of paths)
    found[path] = existsSync(join(folder, path)) ? await sha256(join(folder, path)) : '';
  return found;
}

type Wanted = Omit<SetupManifest, 'files'>;

/** Whether a folder holds what is wanted, byte for byte as when it was set up. */
async function isIntact(folder: string, wanted: Wanted): Promise<boolean> {
  const manifest = readManifest(folder);
  if (!manifest) return false;
  const { files, ...found } = manifest;
  if ((Object.keys(wanted) as (keyof Wanted)[]).some((key) => found[key] !== wanted[key])) return false;
  const now = await hashes(folder, Object.keys(files));
  return Object.entries(files).every(([path, hash]) => now[path] === hash);
}

/**
 * The modules that the backend's JavaScript requires tfjs by. It must register with the tfjs that its user computes with,
 * not with a second one.
 */
function writeModules(folder: string): void {
  for (const name of ['@tensorflow/tfjs', '@tensorflow/tfjs-core']) {
    const place = join(folder, name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
    writeFileSync(join(place, 'index.js'), "module.exports = globalThis[Symbol.for('midtrain.tfjs')];\n");
  }
}

async function assemble(
  folder: string,
  options: {
    readonly cuda: boolean;
    readonly package: TfjsNodePackage;
    readonly report: (line: string) => void;
  },
): Promise<SmokeTest> {
  const { cuda, report } = options;
  const programs = await findPrograms(cacheFolder(), cuda);
  const { libraries, before, binding, tfjsNode, modules } = setupPlaces(folder);
  const work = join(folder, 'work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });

  const npm = npmDistributions(options.package);
  report(`fetching ${npm.tfjsNode.name} ${npm.tfjsNode.version}`);
  for (const [part, distribution] of Object.entries(npm)) {
    const place = join(work, part);
    mkdirSync(place);
    await fetchPackage(distribution, place, programs);
  }
  const fetched = (part: keyof typeof npm, ...path: string[]) => join(work, part, 'package', ...path);
  rmSync(tfjsNode, { recursive: true, force: true });
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(tfjsNode);
  for (const name of ['dist', 'package.json']) renameSync(fetched('tfjsNode', name), join(tfjsNode, name));
  writeModules(modules);
  renameSync(fetched('protobuf'), join(modules, 'google-protobuf'));

  await fetchWheels(wheelDistributions(cuda), folder, programs, report);

  report('building the binding');
  await buildBinding(
    {
      sources: fetched('tfjsNode', 'binding'),
      include: [fetched('headers', 'include'), join(folder, 'include')],
      work: join(work, 'build'),
      libraries,
      before,
      binding,
    },
    programs,
  );
  report('testing it');
  const tested = await smokeTest(folder);
  // First what says that the wheels' parts are there: a set-up that ends in the middle of this is gone on with.
  for (const name of ['unpacked.txt', 'work', 'include', 'wheels']) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  return tested;
}

/**
 * Sets up a current TensorFlow for tfjs in the user's cache folder: the libraries out of PyPI's wheel (`pip download`),
 * the backend's JavaScript and binding out of tfjs-node's npm package, the binding compiled here. Everything fetched is
 * pinned and compared with its checksum. The folder appears whole or not at all; an interrupted try is gone on with, and
 * a finished one is only checked. `selectBackend` finds it by itself.
 *
 * @throws {SetupRequirementError} when this machine lacks something; it says what
 * @throws {SetupError} when something cannot be fetched, built or run
 */
export async function setupTensorflow(options: SetupTensorflowOptions = {}): Promise<TensorflowSetup> {
  const { cuda = false, report = () => {} } = options;
  const { package: tfjsNode = cuda ? 'node-gpu' : 'node' } = options;
  const folder = setupFolder(cuda);
  const wanted: Wanted = {
    tensorflow: TENSORFLOW_VERSION,
    tfjsNode: TFJS_NODE_VERSION,
    package: tfjsNode,
    cuda,
    napi: NAPI_VERSION,
    bindingSource: addedSourceHash(),
  };
  const described = { folder, package: tfjsNode, cuda };
  mkdirSync(cacheFolder(), { recursive: true });
  const unlock = holdLock(`${folder}.lock`);
  try {
    if (await isIntact(folder, wanted)) {
      return { ...described, existed: true, ...(await smokeTest(folder)) };
    }
    const partial = `${folder}.partial`;
    mkdirSync(partial, { recursive: true });
    const tested = await assemble(partial, { cuda, package: tfjsNode, report });
    const manifest = { ...wanted, files: await hashes(partial, filesBelow(partial)) };
    writeFileSync(setupPlaces(partial).manifest, `${JSON.stringify(manifest, null, 2)}\n`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    return { ...described, existed: false, ...tested };
  } finally {
    unlock();
  }
}
