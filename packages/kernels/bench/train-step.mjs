// Seconds of one plain training step. Usage: train-step.mjs shipped|midtrain, prints one JSON object.
import { MODEL, makePlainStep } from './plain-step.mjs';
import { prepare } from './prepare.mjs';

const variant = process.argv[2];
await prepare(variant);
const step = makePlainStep();
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
