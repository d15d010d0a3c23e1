// pnpm bench: grades a second on ordinary answers, and the slowest single grade of a hostile list, on one core.
// `--json` prints one JSON object. Wall time, after a warm-up; build first.
import { readFileSync } from 'node:fs';
import { grade } from '../dist/index.js';
import { attacks, HOSTILE } from './hostile.mjs';

const ROUNDS = 5;

const pairs = ['right', 'wrong', 'math-verify'].flatMap((name) =>
  readFileSync(new URL(`../fixtures/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line)),
);
const gradePair = ({
  gold,
  prediction,
  extract,
  precision,
  significantDigits,
  strict,
  allowSetRelation,
  tolerance,
}) => grade(gold, prediction, { extract, precision, significantDigits, strict, allowSetRelation, tolerance });

const secondsFor = (work) => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

const first = secondsFor(() => pairs.forEach(gradePair));
const rates = Array.from(
  { length: ROUNDS },
  () => pairs.length / secondsFor(() => pairs.forEach(gradePair)),
).sort((a, b) => a - b);

let slowest = { name: '', seconds: 0 };
let attempts = 0;
for (const [name, text] of Object.entries(HOSTILE)) {
  for (const [gold, prediction, options] of attacks(text)) {
    const seconds = secondsFor(() => grade(gold, prediction, options));
    attempts += 1;
    if (seconds > slowest.seconds) slowest = { name, seconds };
  }
}

const figures = {
  pairs: pairs.length,
  gradesPerSecond: { cold: pairs.length / first, median: rates[Math.floor(ROUNDS / 2)], lowest: rates[0] },
  hostile: { grades: attempts, slowest },
  peakMemoryMiB: process.resourceUsage().maxRSS / 1024,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
else {
  const { cold, median, lowest } = figures.gradesPerSecond;
  console.log(
    `${pairs.length} ordinary answers: ${median.toFixed(0)} grades/s (lowest ${lowest.toFixed(0)}, first round ${cold.toFixed(0)})`,
  );
  console.log(
    `${attempts} hostile grades: slowest ${(slowest.seconds * 1000).toFixed(0)} ms (${slowest.name})`,
  );
  console.log(`peak memory ${figures.peakMemoryMiB.toFixed(0)} MiB`);
}
