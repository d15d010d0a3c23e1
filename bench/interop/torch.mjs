// Compares the tensorflow backend, and the embedded default in one case, with PyTorch (eager) in one run, the two taking turns:
//   node bench/interop/torch.mjs [PYTHON]     a Python that has torch; without one, a virtual environment is made for it
// Prints a table and writes bench/results/<processor>/torch.json with the machine. Needs built packages and `midtrain setup tensorflow`.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beside, lastLine, machine, makePython, median, writeResult } from './compare.mjs';

const ROUNDS = 2;
/** Repetitions of a round, and how many at its start do not count: graphs are compiled, caches filled. */
const CASES = {
  gemm: { name: 'matrix product 1024^3', repeats: 60, warm: 20 },
  small: { name: 'training step d=128 L=4, 16 x 128 tokens', repeats: 14, warm: 4 },
  embedded: {
    ...{ name: 'training step d=128 L=4, 16 x 128 tokens, embedded default', repeats: 14, warm: 4 },
    ...{ as: 'small', backend: 'wasm' },
  },
  mid: { name: 'training step d=576 L=6, 8 x 128 tokens', repeats: 8, warm: 3 },
};

const temporary = process.argv[2] ? undefined : mkdtempSync(join(tmpdir(), 'midtrain-torch-'));
const threads = availableParallelism();
const measure = (command, script, what, repeats, backend = []) =>
  lastLine(command, [beside(script), what, String(threads), String(repeats), ...backend]);

const before = loadavg()[0];
try {
  const python = process.argv[2] ?? makePython(temporary, ['torch==2.15.0', 'numpy']);
  const versionOf = {};
  const results = Object.entries(CASES).map(
    ([key, { name, repeats, warm, as: what = key, backend = 'tensorflow' }]) => {
      const seconds = { midtrain: [], torch: [] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const [side, command, script, on] of [
          ['torch', python, 'torch_steps.py', []],
          ['midtrain', process.execPath, 'midtrain-steps.mjs', [backend]],
        ]) {
          const measured = measure(command, script, what, repeats, on);
          versionOf[side === 'midtrain' ? backend : side] = measured.version;
          seconds[side].push(...measured.seconds.slice(warm));
        }
      }
      const [ours, theirs] = [median(seconds.midtrain), median(seconds.torch)];
      const least = { midtrain: Math.min(...seconds.midtrain), torch: Math.min(...seconds.torch) };
      console.log(
        `${name}: ${(ours * 1000).toFixed(1)} ms, PyTorch ${(theirs * 1000).toFixed(1)} ms: ${(theirs / ours).toFixed(2)} times its speed`,
      );
      return { what: name, backend, seconds: { midtrain: ours, torch: theirs }, least, speed: theirs / ours };
    },
  );
  writeResult('torch', { machine: { ...machine(before, threads), ...versionOf }, rounds: ROUNDS, results });
} finally {
  if (temporary) rmSync(temporary, { recursive: true, force: true });
}
