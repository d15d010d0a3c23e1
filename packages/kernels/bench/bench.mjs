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

const variants = (script, names) => Object.fromEntries(names.map((name) => [name, run(script, name)]));
const gemm = variants('gemm.mjs', ['shipped', 'midtrain']);
const step = variants('train-step.mjs', ['shipped', 'midtrain', 'fused']);
for (const one of Object.values(step)) one.ratio = step.shipped.seconds / one.seconds;

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ threads: availableParallelism(), gemm, step }));
} else {
  console.log(`\ntf.matMul, GFLOPS (${availableParallelism()} cores)`);
  gemm.midtrain.forEach(({ shape, gflops }, i) => {
    const shipped = gemm.shipped[i].gflops.toFixed(1).padStart(8);
    console.log(`  ${shape.padEnd(32)} shipped ${shipped}   midtrain ${gflops.toFixed(1).padStart(8)}`);
  });
  console.log(
    '\none training step: d=128, 4 layers, 16 × 128 tokens (fused: with fused operations, the others plain ones)',
  );
  for (const [variant, { seconds, tokensPerSecond, ratio, losses }] of Object.entries(step)) {
    const speed = `${seconds.toFixed(3)} s ${tokensPerSecond.toFixed(0).padStart(7)} tokens/s ${ratio.toFixed(1)} ×`;
    console.log(`  ${variant.padEnd(9)} ${speed}  losses ${losses.map((loss) => loss.toFixed(4)).join(' ')}`);
  }
}
