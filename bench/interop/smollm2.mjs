// Compares SmolLM2-135M on the tensorflow backend with PyTorch (eager), transformers and PEFT, the two taking turns:
//   node bench/interop/smollm2.mjs MODEL [--python FILE] [--only full,lora,decode]
// MODEL is what scripts/fetch-smollm2.sh makes. Takes a Python with torch, transformers and peft, or makes one in a folder of
// its own. Prints a table and writes bench/results/<processor>/smollm2-<case>.json. Needs built packages and `midtrain setup tensorflow`.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { beside, lastLine, machine, makePython, median, writeResult } from './compare.mjs';

const ROUNDS = 2;
/** Repetitions of a round, and how many at its start do not count. */
const CASES = {
  full: { name: 'full training step, 4 x 128 tokens', repeats: 8, warm: 3 },
  lora: { name: 'LoRA training step, 4 x 128 tokens', repeats: 8, warm: 3 },
  decode: { name: '32 tokens of 64 branches on one prefix of 200', repeats: 3, warm: 1 },
};
const PACKAGES = ['torch==2.15.0', 'transformers==5.24.0', 'peft==0.21.2', 'numpy'];
/**
 * Each side runs once as it comes and once told how to treat memory: PyTorch to keep it, which is faster; TensorFlow to give
 * it back at once, which takes less.
 */
const SETTINGS = {
  torch: [{}, { MALLOC_MMAP_THRESHOLD_: '4294967296', MALLOC_TRIM_THRESHOLD_: '17179869184' }],
  midtrain: [{}, { TF_ONEDNN_USE_SYSTEM_ALLOCATOR: '1', MALLOC_MMAP_THRESHOLD_: '524288' }],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string' }, only: { type: 'string', default: Object.keys(CASES).join() } },
});
const [model] = positionals;
const threads = availableParallelism();
/** Our seconds of the cases that were measured in this run. */
const ours = {};
const temporary = mkdtempSync(join(tmpdir(), 'midtrain-smollm2-'));
try {
  const python = values.python ?? makePython(join(temporary, 'venv'), PACKAGES);
  for (const what of values.only.split(',')) {
    const { name, repeats, warm } = CASES[what];
    const before = loadavg()[0];
    const measure = (command, script, env) =>
      lastLine(command, [beside(script), what, model, String(threads), String(repeats)], env);
    const sides = { torch: [], midtrain: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [side, command, script] of [
        ['torch', python, 'smollm2_steps.py'],
        ['midtrain', process.execPath, 'midtrain-smollm2.mjs'],
      ]) {
        const environment = SETTINGS[side][round];
        sides[side].push({ environment, ...measure(command, script, environment) });
      }
    }
    const time = ({ seconds }) => median(seconds.slice(warm));
    const fastest = (runs) => runs.reduce((best, run) => (time(run) < time(best) ? run : best));
    const seconds = { torch: time(fastest(sides.torch)), midtrain: time(fastest(sides.midtrain)) };
    // PyTorch's least, whichever setting that is; ours at the setting of its time.
    const peakBytes = {
      torch: Math.min(...sides.torch.map(({ peakBytes }) => peakBytes)),
      midtrain: fastest(sides.midtrain).peakBytes,
    };
    ours[what] = seconds.midtrain;
    const speed = seconds.torch / seconds.midtrain;
    const memory = peakBytes.midtrain / peakBytes.torch;
    const versions = { tensorflow: sides.midtrain[0].version, ...sides.torch[0].version };
    writeResult(`smollm2-${what}`, {
      what: name,
      machine: { ...machine(before, threads), ...versions },
      seconds,
      speed,
      peakBytes,
      memory,
      firstLoss: { torch: sides.torch[0].firstLoss, midtrain: sides.midtrain[0].firstLoss },
      runs: sides,
    });
    const gib = (bytes) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
    console.log(
      `${name}: ${seconds.midtrain.toFixed(2)} s, ${gib(peakBytes.midtrain)}; PyTorch ${seconds.torch.toFixed(2)} s, ${gib(peakBytes.torch)}: ${speed.toFixed(2)} times its speed in ${memory.toFixed(2)} of its memory`,
    );
    if (what === 'lora' && ours.full) console.log(`  ${(ours.lora / ours.full).toFixed(2)} of our full step`);
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
