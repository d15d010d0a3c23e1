import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { editBinding, INSERTIONS } from './binding-edits.js';
import { NAPI_VERSION } from './distributions.js';
import type { SetupPrograms } from './requirements.js';
import { runProgram } from './run-program.js';
import { SetupError } from './setup-error.js';

const BEFORE = 'before_tensorflow.cc';
const ADDED = [
  'graph_function.cc',
  'graph_function.h',
  'lanes.h',
  'own_op.h',
  'own_ops.cc',
  'small_product.h',
  'spread_logits.cc',
  'decode_attention.cc',
  'draw_token.cc',
  'tree_attention.cc',
  BEFORE,
];

/** This package's folder `native`, from its sources or from its build; a bundle of an application has none. */
function findNativeFolder(): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'native', ADDED[0]))) return join(folder, 'native');
    if (folder === dirname(folder)) return undefined;
  }
}

function nativeFolder(): string {
  const folder = findNativeFolder();
  if (folder !== undefined) return folder;
  throw new SetupError('setup tensorflow: @midtrain/kernels has lost its folder native; reinstall it');
}

const read = (folder: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

const FLAGS = ['-std=c++17', '-O3', '-fno-math-errno', '-fPIC', '-shared', '-w'];

/** sha256 of what midtrain adds to the binding: its own C++, where that is joined to it, and how it is compiled. */
export function addedSourceHash(): string {
  const added = [read(nativeFolder(), ADDED), INSERTIONS, FLAGS];
  return createHash('sha256').update(JSON.stringify(added)).digest('hex');
}

/** Whether a binding was built with other additions than are here; false where none is here to compare with. */
export const isBuiltFromOther = (bindingSource: string): boolean =>
  findNativeFolder() !== undefined && bindingSource !== addedSourceHash();

/** Where the addons are built from, and what to. */
export interface BindingBuild {
  /** The `binding` folder of tfjs-node. */
  readonly sources: string;
  /** N-API's headers, and TensorFlow's. */
  readonly include: readonly string[];
  /** Gets the edited sources. */
  readonly work: string;
  /** Where the libraries are. */
  readonly libraries: string;
  /** The two addons that are made, to be loaded in this order. */
  readonly before: string;
  readonly binding: string;
}

/**
 * Compiles tfjs-node's binding with midtrain's additions, and the small addon that is loaded before it.
 * @throws {SetupError} with the compiler's error
 */
export async function buildBinding(
  { sources, include, work, libraries, before, binding }: BindingBuild,
  { compiler }: SetupPrograms,
): Promise<void> {
  mkdirSync(work, { recursive: true });
  const files = {
    ...editBinding(read(sources, readdirSync(sources))),
    ...read(nativeFolder(), ADDED),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(work, name), content);
  const compile = async (units: readonly string[], addon: string, link: readonly string[]): Promise<void> => {
    const found = include.map((folder) => `-I${folder}`);
    const { ok, lastLine } = await runProgram(
      compiler,
      [
        ...FLAGS,
        `-DNAPI_VERSION=${NAPI_VERSION}`,
        '-DNODE_GYP_MODULE_NAME=tfjs_binding',
        ...found,
        ...units,
        ...link,
        '-ldl',
        '-o',
        addon,
      ],
      { cwd: work },
    );
    if (ok) return;
    throw new SetupError(`setup tensorflow: the binding does not compile with ${compiler} (${lastLine})`);
  };
  const units = Object.keys(files).filter((name) => name.endsWith('.cc') && name !== BEFORE);
  const tensorflow = ['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'];
  await compile([BEFORE], before, []);
  await compile(units, binding, [`-L${libraries}`, ...tensorflow, '-Wl,-rpath,$ORIGIN']);
}
