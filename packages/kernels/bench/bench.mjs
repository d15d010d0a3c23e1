// pnpm bench: the wasm backend as shipped against midtrain's kernels, each in a process of its own.
// `pnpm bench --json` prints one JSON object instead of tables.
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const run = (script, variant) => {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return JSON.parse(
    execFileSync(process.execPath, [file, variant], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
};

const both = (script) => ({ shipped: run(script, 'shipped'), midtrain: run(script, 'midtrain') });
const gemm = both('gemm.mjs');
const step = both('train-step.mjs');
const ratio = step.shipped.seconds / step.midtrain.seconds;

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ threads: availableParallelism(), gemm, step, ratio }));
} else {
  console.log(`\ntf.matMul, GFLOPS (${availableParallelism()} cores)`);
  gemm.midtrain.forEach(({ shape, gflops }, i) => {
    const shipped = gemm.shipped[i].gflops.toFixed(1).padStart(8);
    console.log(`  ${shape.padEnd(32)} shipped ${shipped}   midtrain ${gflops.toFixed(1).padStart(8)}`);
  });
  console.log('\none training step in plain operations: d=128, 4 layers, 16 × 128 tokens');
  for (const variant of ['shipped', 'midtrain']) {
    const { seconds, tokensPerSecond, losses } = step[variant];
    const loss = losses.map((value) => value.toFixed(5)).join(' ');
    console.log(
      `  ${variant.padEnd(9)} ${seconds.toFixed(3)} s  ${tokensPerSecond.toFixed(0)} tokens/s  losses ${loss}`,
    );
  }
  console.log(`  ratio     ${ratio.toFixed(1)} ×`);
}
