// Seconds of one training step. Usage: train-step.mjs shipped|midtrain|fused, prints one JSON object. `fused` computes the
// same with midtrain's fused operations instead of plain ones.
import { makeFusedStep } from './fused-step.mjs';
import { MODEL } from './model.mjs';
import { makePlainStep } from './plain-step.mjs';
import { prepare } from './prepare.mjs';

const variant = process.argv[2];
await prepare(variant);
const step = variant === 'fused' ? makeFusedStep() : makePlainStep();
const losses = [step()];
const times = [];
for (let i = 0; i < (variant === 'shipped' ? 3 : 9); i++) {
  const start = performance.now();
  losses.push(step());
  times.push((performance.now() - start) / 1000);
}
const seconds = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
const tokensPerSecond = (MODEL.rows * MODEL.length) / seconds;
process.stdout.write(JSON.stringify({ seconds, tokensPerSecond, losses: losses.slice(0, 4) }));
