import { mkdirSync, statfsSync } from 'node:fs';
import { neededDisk } from './distributions.js';
import { runProgram } from './run-program.js';
import { SetupRequirementError } from './setup-error.js';

/** Programs that the set-up runs. */
export interface SetupPrograms {
  /** A Python 3 with pip 20.3 or later. */
  readonly python: string;
  /** A C++17 compiler. */
  readonly compiler: string;
  readonly npm: string;
}

const PYTHONS = ['python3', 'python'];
const COMPILERS = ['g++', 'clang++'];

async function firstThatRuns(
  commands: readonly string[],
  args: readonly string[],
): Promise<string | undefined> {
  for (const command of commands) if ((await runProgram(command, args)).ok) return command;
  return undefined;
}

/** The first pip that takes several platforms, as fetching the wheels gives it. */
const OLDEST_PIP = [20, 3] as const;

/** Whether a Python has a pip that is new enough. */
async function hasPip(python: string): Promise<boolean> {
  const { ok, stdout } = await runProgram(python, ['-m', 'pip', '--version']);
  const [, major, minor] = /^pip (\d+)\.(\d+)/m.exec(stdout) ?? [];
  if (!ok || major === undefined) return false;
  const [oldestMajor, oldestMinor] = OLDEST_PIP;
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}

function checkPlatform(): void {
  const { platform, arch } = process;
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  const glibc = report?.header?.glibcVersionRuntime;
  const [major, minor] = (glibc ?? '0.0').split('.').map(Number);
  if (platform !== 'linux' || arch !== 'x64' || major < 2 || (major === 2 && minor < 27)) {
    const here = `${platform}-${arch}${platform === 'linux' ? `, glibc ${glibc ?? 'none'}` : ''}`;
    throw new SetupRequirementError(
      `setup tensorflow: it works on Linux x64 with glibc 2.27 or later, this is ${here}; use --backend wasm here`,
    );
  }
}

function checkDisk(cache: string, cuda: boolean): void {
  mkdirSync(cache, { recursive: true });
  const { bavail, bsize } = statfsSync(cache);
  const free = (bavail * bsize) / 1e9;
  const needed = neededDisk(cuda);
  if (free < needed) {
    throw new SetupRequirementError(
      `setup tensorflow: ${cache} has ${free.toFixed(1)} GB free, ${needed} GB are needed; free some, or name another disk in XDG_CACHE_HOME`,
    );
  }
}

/**
 * Checks the platform, the programs and the disk before anything is fetched, and names everything that is missing at
 * once.
 * @throws {SetupRequirementError}
 */
export async function findPrograms(cache: string, cuda: boolean): Promise<SetupPrograms> {
  checkPlatform();
  const { PYTHON, CXX } = process.env;
  const python = await firstThatRuns(
    [PYTHON, ...PYTHONS].filter((name) => name !== undefined),
    ['-c', 'import sys, zipfile, tarfile; sys.exit(sys.version_info < (3, 8))'],
  );
  const pip = python !== undefined && (await hasPip(python));
  const compiler = await firstThatRuns(
    [CXX, ...COMPILERS].filter((name) => name !== undefined),
    ['--version'],
  );
  const npm = await firstThatRuns(['npm'], ['--version']);
  const missing = [
    ...(python === undefined ? ['Python 3.8 or later (apt install python3 python3-pip)'] : []),
    ...(python !== undefined && !pip
      ? [
          `pip ${OLDEST_PIP.join('.')} or later (apt install python3-pip, or ${python} -m pip install --upgrade pip)`,
        ]
      : []),
    ...(compiler === undefined ? ['a C++17 compiler (apt install g++)'] : []),
    ...(npm === undefined ? ['npm (it comes with Node)'] : []),
  ];
  if (missing.length > 0) throw new SetupRequirementError(`setup tensorflow: missing ${missing.join(', ')}`);
  checkDisk(cache, cuda);
  return { python: python as string, compiler: compiler as string, npm: npm as string };
}
