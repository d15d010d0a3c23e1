// Compares two runs of tensorflow-training.mjs: node scripts/interop/compare-training.mjs A.json B.json
import { readFileSync } from 'node:fs';

const [a, b] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const relative = (x, y) => Math.abs(x - y) / Math.abs(y);
const worst = [0, 1].map((figure) =>
  Math.max(...a.steps.map((step, i) => relative(step[figure], b.steps[i][figure]))),
);
console.log(
  `${a.backend} and ${b.backend} ${b.version}, ${a.steps.length} steps: losses within ${worst[0]}, norms within ${worst[1]}`,
);
const ok = a.backend !== b.backend && a.steps.length === b.steps.length && worst[0] < 1e-5 && worst[1] < 1e-3;
process.exit(ok ? 0 : 1);
