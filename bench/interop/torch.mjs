// Compares the tensorflow backend with PyTorch (eager) in one run, the two taking turns:
//   node bench/interop/torch.mjs [PYTHON]     a Python that has torch; without one, a virtual environment is made for it
// Prints a table and writes bench/results/torch.json with the machine. Needs built packages and `midtrain setup tensorflow`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const ROUNDS = 2;
/** Repetitions of a round, and how many at its start do not count: graphs are compiled, caches filled. */
const CASES = {
  gemm: { name: 'matrix product 1024^3', repeats: 60, warm: 20 },
  small: { name: 'training step d=128 L=4, 16 x 128 tokens', repeats: 14, warm: 4 },
  mid: { name: 'training step d=576 L=6, 8 x 128 tokens', repeats: 8, warm: 3 },
};

const temporary = process.argv[2] ? undefined : mkdtempSync(join(tmpdir(), 'midtrain-torch-'));
function pythonWithTorch() {
  if (!temporary) return process.argv[2];
  execFileSync('python3', ['-m', 'venv', temporary]);
  const python = join(temporary, 'bin', 'python');
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', 'torch==2.15.0', 'numpy'], {
    stdio: 'inherit',
  });
  return python;
}

const threads = availableParallelism();
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const measure = (command, script, what, repeats) =>
  JSON.parse(
    execFileSync(command, [beside(script), what, String(threads), String(repeats)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .at(-1),
  );

const before = loadavg()[0];
try {
  const python = pythonWithTorch();
  const versions = {};
  const results = Object.entries(CASES).map(([what, { name, repeats, warm }]) => {
    const seconds = { midtrain: [], torch: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [side, command, script] of [
        ['torch', python, 'torch_steps.py'],
        ['midtrain', process.execPath, 'midtrain-steps.mjs'],
      ]) {
        const measured = measure(command, script, what, repeats);
        versions[side] = measured.version;
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
  const machine = {
    cpu: cpus()[0].model,
    threads,
    load: [before, loadavg()[0]],
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    tensorflow: versions.midtrain,
    torch: versions.torch,
  };
  mkdirSync(beside('../results'), { recursive: true });
  const place = beside('../results/torch.json');
  writeFileSync(`${place}.partial`, `${JSON.stringify({ machine, rounds: ROUNDS, results }, null, 2)}\n`);
  renameSync(`${place}.partial`, place);
} finally {
  if (temporary) rmSync(temporary, { recursive: true, force: true });
}
