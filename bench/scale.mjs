// How an RMT step grows with its documents, and whether that is understood: node bench/scale.mjs [--quick].
// Each workload runs in a process of its own: the step's time by part, its peak memory, and its kernels. Two of them fit a
// cost model (so much a call, so much a unit of work, for each kind of kernel); the others are predicted by it.
// Writes bench/results/<processor>/scale-<backend>.json and prints the tables. Nothing else should run meanwhile.
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lastLine, writeResult } from './interop/compare.mjs';
import { costOf, pointsOf } from './scale/cost-model.mjs';
import { KINDS } from './scale/kinds.mjs';
import { workOf } from './scale/work.mjs';
import { BRANCHES, NEW_TOKENS, WORKLOADS } from './scale/workloads.mjs';

const script = fileURLToPath(new URL('scale/measure.mjs', import.meta.url));
const {
  values: { backend, threads, repeats, quick },
} = parseArgs({
  options: {
    backend: { type: 'string', default: 'wasm' },
    threads: { type: 'string', default: '2' },
    repeats: { type: 'string', default: '2' },
    quick: { type: 'boolean', default: false },
  },
});

const loads = [loadavg()[0]];
const chosen = quick ? WORKLOADS.slice(0, 3) : WORKLOADS;
const results = chosen.map((workload) => {
  const measured = lastLine(process.execPath, [script, JSON.stringify(workload), backend, threads, repeats]);
  return { workload, measured, work: workOf(workload, measured.places) };
});
loads.push(loadavg()[0]);
const fitting = results.filter(({ workload }) => workload.fits);
const costs = Object.fromEntries(
  Object.keys(KINDS).map((kind) => [kind, costOf(fitting.flatMap((result) => pointsOf(result, kind)))]),
);
const rows = results.map((result) => {
  const { workload, measured } = result;
  const kinds = Object.fromEntries(
    Object.keys(KINDS).map((kind) => {
      const points = pointsOf(result, kind);
      const sum = (f) => points.reduce((total, point) => total + f(point), 0);
      const units = sum((point) => point.units);
      const calls = sum((point) => point.calls);
      const { perCall, perUnit } = costs[kind];
      const predicted = (perCall * calls + perUnit * units) / 1000;
      return [kind, { calls, units, seconds: sum((point) => point.milliseconds) / 1000, predicted }];
    }),
  );
  const traced = Object.values(measured.parts).reduce((sum, part) => sum + part.tracedSeconds, 0);
  const predicted = Object.values(kinds).reduce((sum, one) => sum + one.predicted, 0);
  const parts = Object.fromEntries(
    Object.entries(measured.parts).map(([name, { seconds }]) => [name, seconds]),
  );
  return {
    ...{ workload, seconds: measured.seconds, parts, peakBytes: measured.peakBytes },
    ...{ tracedSeconds: traced, predictedSeconds: predicted, kinds },
  };
});
const result = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}`,
  backend: backend,
  threads: Number(threads),
  load: loads,
  branches: BRANCHES,
  newTokens: NEW_TOKENS,
  costs: Object.fromEntries(
    Object.entries(costs).map(([kind, { perCall, perUnit }]) => [
      kind,
      { microsecondsPerCall: 1000 * perCall, millisecondsPerUnit: perUnit, unit: KINDS[kind].unit },
    ]),
  ),
  rows,
};
writeResult(`scale-${backend}`, result);
const name = ({ documents, tokens, positions }) => `${documents} × ${tokens}, ${positions} positions`;
for (const { workload, ...row } of rows) {
  console.log(
    `${name(workload).padEnd(24)}${row.seconds.toFixed(2).padStart(7)} s  peak ${(row.peakBytes / 2 ** 30).toFixed(2)} GiB  traced ${row.tracedSeconds.toFixed(2)} s, predicted ${row.predictedSeconds.toFixed(2)} s${workload.fits ? ' (fitted)' : ''}`,
  );
  for (const [kind, { calls, units, seconds, predicted }] of Object.entries(row.kinds)) {
    console.log(
      `  ${kind.padEnd(18)}${((100 * seconds) / row.tracedSeconds).toFixed(0).padStart(4)} %${seconds.toFixed(3).padStart(9)} s  predicted ${predicted.toFixed(3)} s  ${calls} calls, ${units.toFixed(1)} ${KINDS[kind].unit}`,
    );
  }
}
console.table(result.costs);
