// Compares the tensorflow backend with PyTorch (eager) in one run, the two taking turns:
//   node bench/interop/torch.mjs [PYTHON]     a Python that has torch; without one, a virtual environment is made for it
// Prints a table and writes bench/results/torch.json with the machine. Needs built packages and `midtrain setup tensorflow`.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beside, lastLine, machine, makePython, median, writeResult } from './compare.mjs';

const ROUNDS = 2;
/** Repetitions of a round, and how many at its start do not count: graphs are compiled, caches filled. */
const CASES = {
  gemm: { name: 'matrix product 1024^3', repeats: 60, warm: 20 },
  small: { name: 'training step d=128 L=4, 16 x 128 tokens', repeats: 14, warm: 4 },
  mid: { name: 'training step d=576 L=6, 8 x 128 tokens', repeats: 8, warm: 3 },
};

const temporary = process.argv[2] ? undefined : mkdtempSync(join(tmpdir(), 'midtrain-torch-'));
const threads = availableParallelism();
const measure = (command, script, what, repeats) =>
  lastLine(command, [beside(script), what, String(threads), String(repeats)]);

const before = loadavg()[0];
try {
  const python = process.argv[2] ?? makePython(temporary, ['torch==2.15.0', 'numpy']);
  const versionOf = {};
  const results = Object.entries(CASES).map(([what, { name, repeats, warm }]) => {
    const seconds = { midtrain: [], torch: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [side, command, script] of [
        ['torch', python, 'torch_steps.py'],
        ['midtrain', process.execPath, 'midtrain-steps.mjs'],
      ]) {
        const measured = measure(command, script, what, repeats);
        versionOf[side] = measured.version;
        seconds[side].push(...measured.seconds.slice(warm));
      }
    }
    const [ours, theirs] = [median(seconds.midtrain), median(seconds.torch)];
    const least = { midtrain: Math.min(...seconds.midtrain), torch: Math.min(...seconds.torch) };
    console.log(
      `${name}: ${(ours * 1000).toFixed(1)} ms, PyTorch ${(theirs * 1000).toFixed(1)} ms: ${(theirs / ours).toFixed(2)} times its speed`,
    );
    return { what: name, seconds: { midtrain: ours, torch: theirs }, least, speed: theirs / ours };
  });
  const versions = { tensorflow: versionOf.midtrain, torch: versionOf.torch };
  writeResult('torch', { machine: { ...machine(before, threads), ...versions }, rounds: ROUNDS, results });
} finally {
  if (temporary) rmSync(temporary, { recursive: true, force: true });
}
