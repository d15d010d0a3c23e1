// What the comparisons share: a Python to compare with, the machine, and where results are written.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path of a file in this folder. */
export const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A Python in a virtual environment with these packages. */
export function makePython(folder, packages) {
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  const python = join(folder, 'bin', 'python');
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', ...packages], {
    stdio: 'inherit',
  });
  return python;
}

/** Runs a program and reads the JSON object that it prints in its last line. */
export function lastLine(command, args, env = {}) {
  const stdout = execFileSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** What the figures were measured on; `loadBefore` is the load average when they began. */
export const machine = (loadBefore, threads) => ({
  cpu: cpus()[0].model.trim(),
  threads,
  load: [loadBefore, loadavg()[0]],
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
});

/** The processor as a folder's name: `amd-epyc`, `intel-xeon`. */
const processor = cpus()[0]
  .model.toLowerCase()
  .replace(/\((r|tm|c)\)|\b(processor|cpu|\d+-core)\b|@.*$/g, ' ')
  .trim()
  .replace(/[^a-z0-9]+/g, '-');

/** Writes bench/results/<processor>/<name>.json, whole or not at all. */
export function writeResult(name, result) {
  const folder = beside(`../results/${processor}`);
  mkdirSync(folder, { recursive: true });
  const place = join(folder, `${name}.json`);
  writeFileSync(`${place}.partial`, `${JSON.stringify(result, null, 2)}\n`);
  renameSync(`${place}.partial`, place);
}
