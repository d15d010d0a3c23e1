// An RMT step of midtrain beside TRL's GRPOTrainer on the same work: node bench/interop/trl.mjs [--python FILE] [sizes].
// Takes a Python with torch, transformers and trl, or makes one in a folder of its own (PyPI's torch needs about 9 GB).
// Where TRL cannot hold the rows or would take too long, it does fewer (--trl-documents, --trl-positions, --trl-rows a pass) and
// its time is scaled up by their number; ours is then timed without its own comparison row by row.
// Writes bench/results/<processor>/trl-<documents>x<tokens>.json and prints a table. Nothing else should run meanwhile.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { beside, makePython, writeResult } from './compare.mjs';

const PACKAGES = ['torch==2.15.0', 'transformers==5.23.0', 'trl==1.16.0'];
const root = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    backend: { type: 'string', default: 'auto' },
    threads: { type: 'string', default: '2' },
    documents: { type: 'string', default: '8' },
    'document-tokens': { type: 'string', default: '140' },
    positions: { type: 'string', default: '8' },
    branches: { type: 'string', default: '8' },
    'new-tokens': { type: 'string', default: '24' },
    steps: { type: 'string', default: '3' },
    'trl-documents': { type: 'string' },
    'trl-positions': { type: 'string' },
    'trl-rows': { type: 'string', default: '64' },
  },
});
const { python: given, backend, threads, steps, ...more } = values;
const { 'trl-documents': trlDocuments, 'trl-positions': trlPositions, 'trl-rows': trlRows, ...sizes } = more;
const scaled = trlDocuments !== undefined || trlPositions !== undefined;
const trlSizes = {
  ...sizes,
  documents: trlDocuments ?? sizes.documents,
  positions: trlPositions ?? sizes.positions,
};
const flagsOf = (some) => Object.entries(some).flatMap(([name, value]) => [`--${name}`, value]);

const work = mkdtempSync(join(tmpdir(), 'midtrain-trl-'));
const json = (command, args) => {
  const stdout = execFileSync(command, args, {
    cwd: work,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  const text = stdout.toString();
  return JSON.parse(text.slice(text.lastIndexOf('\n{') + 1));
};

try {
  const python = given ?? makePython(join(work, 'venv'), PACKAGES);
  const loadBefore = loadavg()[0];
  const trl = json(python, [
    beside('trl_step.py'),
    ...flagsOf(trlSizes),
    '--rows',
    trlRows,
    '--threads',
    threads,
    '--steps',
    steps,
  ]);
  const loadAfterTrl = loadavg()[0];
  const bench = [join(root, 'apps', 'cli', 'dist', 'index.js'), 'bench', '--json'];
  const ours = json(process.execPath, [
    ...bench,
    ...(scaled ? ['--no-rows'] : []),
    ...flagsOf(sizes),
    '--backend',
    backend,
    '--threads',
    threads,
    '--repeats',
    steps,
  ]);
  const timesRows = (sizes.documents * sizes.positions) / (trlSizes.documents * trlSizes.positions);
  const timesDocuments = sizes.documents / trlSizes.documents;
  const trlSeconds = trl.stepSeconds * timesRows + trl.nextTokenSeconds * timesDocuments;
  const result = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}`,
    threads: Number(threads),
    // Load average over a minute, before, between and after the two: what runs besides spoils the figures.
    load: [loadBefore, loadAfterTrl, loadavg()[0]],
    sizes,
    // What TRL did of it, and what all of it would have taken at the same pace; its memory is what it took for its part.
    ...(scaled ? { trlSizes: { ...trlSizes, rows: trlRows }, trlScaledSeconds: trlSeconds } : {}),
    trl,
    midtrain: ours,
    ratio: trlSeconds / ours.treeStep.seconds,
    memoryRatio: trl.peakBytes / ours.peakBytes,
  };
  writeResult(`trl-${sizes.documents}x${sizes['document-tokens']}-${ours.backend}`, result);
  const line = (label, seconds, bytes) =>
    console.log(
      `${label.padEnd(24)}${seconds.toFixed(2).padStart(8)} s ${(bytes / 2 ** 30).toFixed(2).padStart(8)} GiB`,
    );
  line(`TRL ${trl.trl}${scaled ? ', scaled' : ''}`, trlSeconds, trl.peakBytes);
  line(`midtrain, ${ours.backend}`, ours.treeStep.seconds, ours.peakBytes);
  if (!scaled) line('midtrain, row by row', ours.treeStep.rowByRowSeconds, ours.rowByRowPeakBytes);
  console.log(
    `${result.ratio.toFixed(1)} × faster than TRL, in 1/${result.memoryRatio.toFixed(1)} of the memory`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
