import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { editBinding } from './binding-edits.js';
import { findPrograms } from './requirements.js';
import { SetupError, SetupRequirementError } from './setup-error.js';
import { cacheFolder, findSetups, setupFolder } from './setup-folder.js';
import { holdLock } from './setup-lock.js';
import { setupTensorflow } from './setup-tensorflow.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'midtrain-setup-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A PATH that has these programs only; each does nothing and succeeds, or runs the given shell code. */
function onlyPrograms(programs: Readonly<Record<string, string>>): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, code] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${code}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  vi.stubEnv('PATH', bin);
  vi.stubEnv('PYTHON', undefined);
  vi.stubEnv('CXX', undefined);
}

/** A Python whose pip is new enough. */
const PIP = 'echo pip 23.0';

const supported = process.platform === 'linux' && process.arch === 'x64';

describe('where a set-up is kept', () => {
  it('follows the XDG specification', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/midtrain');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/midtrain$/);
    expect(setupFolder(true, '/c/midtrain')).toBe('/c/midtrain/tensorflow-2.21.0-napi8-cuda');
  });

  it('does not take a folder without a readable manifest for one', () => {
    const place = setupFolder(false);
    mkdirSync(place, { recursive: true });
    expect(findSetups()).toEqual([]);
    writeFileSync(join(place, 'manifest.json'), '{"files":');
    expect(findSetups()).toEqual([]);
    writeFileSync(join(place, 'manifest.json'), '{"files":{}}');
    expect(findSetups().map(({ folder: found }) => found)).toEqual([place]);
  });
});

describe.skipIf(!supported)('what a set-up needs', () => {
  it('is named whole when it is missing', async () => {
    onlyPrograms({});
    const asked = findPrograms(cacheFolder(), false);
    await expect(asked).rejects.toThrow(SetupRequirementError);
    await expect(asked).rejects.toThrow(/missing Python 3.8 or later .*, a C\+\+17 compiler .*, npm/);
  });

  it.each([
    ['without pip', '[ "$2" != pip ]'],
    ['with an old pip', 'echo "pip 20.2.4 from /usr/lib (python 3.8)"'],
    ['with something else of that name', 'echo nothing'],
  ])('includes a pip that is new enough beside Python: %s', async (_, python3) => {
    onlyPrograms({ python3, 'g++': '', npm: '' });
    await expect(findPrograms(cacheFolder(), false)).rejects.toThrow(
      'missing pip 20.3 or later (apt install python3-pip, or python3 -m pip install --upgrade pip)',
    );
  });

  it.each(['20.3', '20.3.4', '21.0.1', '25.1'])('takes pip %s', async (version) => {
    onlyPrograms({ python3: `echo "pip ${version} from /usr/lib (python 3.8)"`, 'g++': '', npm: '' });
    expect(await findPrograms(cacheFolder(), false)).toMatchObject({ python: 'python3' });
  });

  it('names the programs that it found', async () => {
    onlyPrograms({ python: PIP, 'clang++': '', npm: '' });
    expect(await findPrograms(cacheFolder(), false)).toEqual({
      python: 'python',
      compiler: 'clang++',
      npm: 'npm',
    });
  });

  it('leaves nothing but a partial folder behind when a download fails', async () => {
    onlyPrograms({
      python3: PIP,
      'g++': '',
      npm: '[ "$1" != pack ] || { echo "npm error 404" >&2; exit 1; }',
    });
    const asked = setupTensorflow();
    await expect(asked).rejects.toThrow(SetupError);
    await expect(asked).rejects.toThrow('npm could not fetch @tensorflow/tfjs-node@4.22.0 (npm error 404)');
    expect(existsSync(setupFolder(false))).toBe(false);
    expect(existsSync(`${setupFolder(false)}.lock`)).toBe(false);
  });

  it('refuses a tarball with another content', async () => {
    const write = 'echo other > tensorflow-tfjs-node-4.22.0.tgz';
    onlyPrograms({ python3: PIP, 'g++': '', npm: `[ "$1" != pack ] || ${write}` });
    await expect(setupTensorflow()).rejects.toThrow(
      /@tensorflow\/tfjs-node@4.22.0 with the checksum sha512-/,
    );
  });
});

describe('holdLock', () => {
  it('keeps others out while its process runs', () => {
    const path = join(folder, 'lock');
    const unlock = holdLock(path);
    expect(() => holdLock(path)).toThrow(`process ${process.pid} is at it already`);
    unlock();
    holdLock(path)();
    expect(existsSync(path)).toBe(false);
  });

  it('does not heed a process that has ended', () => {
    const path = join(folder, 'lock');
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(path, String(pid));
    holdLock(path)();
  });
});

describe('editBinding', () => {
  it('says where sources are not the ones it knows', () => {
    expect(() => editBinding({ 'tfjs_backend.h': 'class TFJSBackend {};' })).toThrow(
      'binding/tfjs_backend.h is not as in tfjs-node 4.22 (looked for: public:)',
    );
  });
});
