import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointError } from './checkpoint-error.js';
import { appendJsonLine, truncateJsonLines } from './json-lines.js';
import { digestFiles } from './manifest.js';
import { readLatestCheckpoint } from './read-checkpoint.js';
import { stateJson } from './state-json.js';
import { writeCheckpoint } from './write-checkpoint.js';

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'run-'));
});
afterEach(() => rm(run, { recursive: true }));

const content = (value: number) => ({
  tensors: { 'policy/w': { shape: [2], data: Float32Array.of(value, Math.fround(value / 3)) } },
  state: { step: value, random: { rollout: [1, 4294967295] } },
});
const folders = () => readdir(join(run, 'checkpoints'));

describe('checkpoints', () => {
  it('come back as they were written', async () => {
    const directory = await writeCheckpoint(run, 7, content(7));
    expect(directory).toBe(join(run, 'checkpoints', 'step-7'));
    expect(await readLatestCheckpoint(run)).toEqual({ step: 7, directory, ...content(7) });
  });

  it('are none in a new run', async () => {
    expect(await readLatestCheckpoint(run)).toBeUndefined();
    expect(await readLatestCheckpoint(join(run, 'none'))).toBeUndefined();
  });

  it('are the newest few, by number and not by name', async () => {
    for (const step of [8, 9, 10, 100]) await writeCheckpoint(run, step, content(step), { keep: 2 });
    expect((await folders()).sort()).toEqual(['step-10', 'step-100']);
    expect((await readLatestCheckpoint(run))?.step).toBe(100);
  });

  it('may be written again after going back', async () => {
    await writeCheckpoint(run, 5, content(5));
    await writeCheckpoint(run, 5, content(6));
    expect((await readLatestCheckpoint(run))?.state).toEqual(content(6).state);
    expect(await folders()).toEqual(['step-5']);
  });

  it('do not count where their writing was cut off, and are cleaned up by the next', async () => {
    await writeCheckpoint(run, 1, content(1));
    const checkpoints = join(run, 'checkpoints');
    await cp(join(checkpoints, 'step-1'), join(checkpoints, '.step-2.x.partial'), { recursive: true });
    await mkdir(join(checkpoints, 'step-3x'));
    expect((await readLatestCheckpoint(run))?.step).toBe(1);
    await writeCheckpoint(run, 2, content(2));
    expect((await folders()).sort()).toEqual(['step-1', 'step-2', 'step-3x']);
  });

  it('leave the ones before when they cannot be written', async () => {
    await writeCheckpoint(run, 1, content(1));
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await expect(writeCheckpoint(run, 2, { ...content(2), state: circular })).rejects.toThrow(TypeError);
    expect(await folders()).toEqual(['step-1']);
    await expect(writeCheckpoint(run, -1, content(1))).rejects.toThrow(RangeError);
    await expect(writeCheckpoint(run, 2, content(2), { keep: 0 })).rejects.toThrow(RangeError);
  });

  it('come back with a state beyond what other JSON files may have', async () => {
    const state = { step: 1, difficulty: ['d'.repeat(65 << 20)] };
    await writeCheckpoint(run, 1, { ...content(1), state });
    const read = (await readLatestCheckpoint(run))?.state as typeof state;
    expect(read.difficulty[0] === state.difficulty[0]).toBe(true);
  });

  it('come back with a state that was written indented, as it once was', async () => {
    const directory = await writeCheckpoint(run, 1, content(1));
    await writeFile(join(directory, 'state.json'), `${JSON.stringify(content(1).state, null, 2)}\n`);
    const manifest = { format: 1, step: 1, files: await digestFiles(directory) };
    await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest, null, 2));
    expect((await readLatestCheckpoint(run))?.state).toEqual(content(1).state);
  });

  it('are not written with a state that could not be read again', async () => {
    const state = { text: 'é'.repeat(10) };
    const bytes = Buffer.byteLength(`${JSON.stringify(state)}\n`);
    expect(stateJson('step-1', state, bytes)).toBe(`${JSON.stringify(state)}\n`);
    expect(() => stateJson('step-1', state, bytes - 1)).toThrow(CheckpointError);
    expect(() => stateJson('step-1', state, bytes - 1)).toThrow(
      /^step-1: the run's state takes more than 31 bytes as JSON, .*; train on fewer documents, or/,
    );
    // What the engine throws for a longer text than it can hold, without the wait for one to be made.
    const tooLong = { toJSON: () => 'x'.repeat(2 ** 30) };
    expect(() => stateJson('step-1', tooLong)).toThrow(CheckpointError);
    await expect(writeCheckpoint(run, 1, { ...content(1), state: undefined })).rejects.toThrow(TypeError);
  });

  it('are refused whatever byte of them is changed or missing', async () => {
    const directory = await writeCheckpoint(run, 1, content(1));
    for (const name of ['tensors.safetensors', 'state.json', 'manifest.json']) {
      const whole = await readFile(join(directory, name));
      const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean());
      await fc.assert(
        fc.asyncProperty(change, async ([at, flip, cut]) => {
          const changed = Buffer.from(whole);
          changed[at] ^= flip;
          await writeFile(join(directory, name), cut ? whole.subarray(0, at) : changed);
          const read = await readLatestCheckpoint(run).catch((error) => error);
          // White space of the manifest may change, and its hashes may not.
          if (!(read instanceof Error)) expect(read).toEqual({ step: 1, directory, ...content(1) });
          else expect(read).toBeInstanceOf(CheckpointError);
          expect(name === 'manifest.json' || read instanceof Error).toBe(true);
        }),
        { numRuns: 40 },
      );
      await rm(join(directory, name));
      await expect(readLatestCheckpoint(run)).rejects.toThrow(CheckpointError);
      await expect(readLatestCheckpoint(run)).rejects.toThrow(/step-1.*; remove this checkpoint/);
      await writeFile(join(directory, name), whole);
    }
    expect((await readLatestCheckpoint(run))?.step).toBe(1);
  });
});

describe('JSON lines', () => {
  const file = () => join(run, 'metrics.jsonl');

  it('lose a partial last line, wherever it was cut off', async () => {
    for (const step of [0, 1, 2]) await appendJsonLine(file(), { step, text: 'é\n' });
    const whole = await readFile(file());
    const line = whole.length / 3;
    for (let length = 0; length <= whole.length; length++) {
      await writeFile(file(), whole.subarray(0, length));
      expect(await truncateJsonLines(file(), () => true)).toBe(Math.floor(length / line));
      expect(await readFile(file())).toEqual(whole.subarray(0, Math.floor(length / line) * line));
    }
  });

  it('may be longer than what is read of them at a time, whatever characters lie across', async () => {
    // Characters of two, three and four bytes; 1 MiB of lines of uneven length ends within some of them.
    const text = 'é€😀'.repeat(70_001);
    const lines = Array.from(
      { length: 6 },
      (_, step) => `${JSON.stringify({ step, text: 'x'.repeat(step) + text })}\n`,
    );
    const whole = Buffer.from(lines.join(''));
    expect(whole.length).toBeGreaterThan(3 << 20);
    const within = [1, 2, 3].filter((border) => (whole[border << 20] & 0xc0) === 0x80);
    expect(within.length).toBeGreaterThan(0);
    await writeFile(file(), Buffer.concat([whole, Buffer.from(lines[0]).subarray(0, 1_000_001)]));
    const steps: unknown[] = [];
    const keep = (value: unknown) => {
      const line = value as { step: number; text: string };
      steps.push(line.step);
      expect(line.text === 'x'.repeat(line.step) + text).toBe(true);
      return line.step < 5;
    };
    expect(await truncateJsonLines(file(), keep)).toBe(5);
    expect(steps).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await readFile(file())).equals(Buffer.from(lines.slice(0, 5).join('')))).toBe(true);
  });

  it('may be none, or none that is kept', async () => {
    for (const content of ['', '{"step"', '{"step":7}\n{"step":8}\n{"st']) {
      await writeFile(file(), content);
      expect(await truncateJsonLines(file(), () => false)).toBe(0);
      expect(await readFile(file(), 'utf8')).toBe('');
    }
  });

  it('are left untouched where nothing changes', async () => {
    await writeFile(file(), '{"step":0}\n');
    await chmod(file(), 0o444);
    expect(await truncateJsonLines(file(), () => true)).toBe(1);
  });

  it('keep the steps before a checkpoint', async () => {
    for (const step of [0, 1, 2, 3]) await appendJsonLine(file(), { step });
    expect(await truncateJsonLines(file(), (value) => (value as { step: number }).step < 2)).toBe(2);
    expect(await readFile(file(), 'utf8')).toBe('{"step":0}\n{"step":1}\n');
  });

  it('are refused where a line in between is damaged; none where there is no file', async () => {
    expect(await truncateJsonLines(file(), () => true)).toBe(0);
    await writeFile(file(), '{}\n{"a":\n{}\n');
    await expect(truncateJsonLines(file(), () => true)).rejects.toThrow(
      /metrics\.jsonl:2: is not valid JSON/,
    );
  });
});

describe('a process killed at any moment', () => {
  it('leaves a checkpoint that is whole', { timeout: 60_000 }, async () => {
    const program = `
      import { writeCheckpoint } from './write-checkpoint.js';
      const tensors = { w: { shape: [250000], data: new Float32Array(250000) } };
      for (let step = 1; ; step++) {
        tensors.w.data.fill(step);
        await writeCheckpoint(${JSON.stringify(run)}, step, { tensors, state: { step } }, { keep: 2 });
        process.stdout.write('.');
      }`;
    const script = join(run, 'write.mjs');
    await build({
      stdin: { contents: program, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
      external: ['node:*'],
    });
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 7 + 13 * round));
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await closed;
      const checkpoint = await readLatestCheckpoint(run);
      const step = checkpoint?.step as number;
      expect(step).toBeGreaterThan(0);
      expect(checkpoint?.state).toEqual({ step });
      expect(checkpoint?.tensors.w.data.every((value) => value === step)).toBe(true);
    }
  });
});
