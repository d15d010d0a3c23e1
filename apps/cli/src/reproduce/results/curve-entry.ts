import { join } from 'node:path';
import type { StepMetrics } from '@midtrain/core';
import { readLines } from '../../run/line-log.js';
import type { Method } from '../methods.js';
import type { FinishedRun } from './finished-run.js';
import { meanOf } from './method-entries.js';
import type { CurveEntry } from './results.js';

/** Points of a curve; steps between two are averaged. */
const POINTS = 50;

const hardShare = ({ tierShares, tierNames }: StepMetrics): number =>
  tierShares[tierNames.indexOf('hard')] ?? 0;

/** A method's figures over the steps, the mean of its seeds. */
export async function curveEntry({ id, label }: Method, runs: readonly FinishedRun[]): Promise<CurveEntry> {
  const all = await Promise.all(
    runs.map(({ place }) => readLines<StepMetrics>(join(place, 'metrics.jsonl'))),
  );
  const learnt = runs.every(({ config }) => config.lambda !== 0);
  const steps = Math.min(...all.map(({ length }) => length));
  const stretch = Math.max(1, steps / POINTS);
  const points = Array.from({ length: Math.min(steps, POINTS) }, (_, i) => {
    const part = all.flatMap((lines) => lines.slice(Math.floor(i * stretch), Math.floor((i + 1) * stretch)));
    const mean = (of: (line: StepMetrics) => number) => meanOf(part.map(of));
    return {
      step: Math.round(mean(({ step }) => step)),
      matchReward: mean(({ matchReward }) => matchReward),
      meanLength: mean(({ meanLength }) => meanLength),
      budget: mean(({ budget }) => budget),
      nextTokenLoss: learnt ? mean(({ nextTokenLoss }) => nextTokenLoss) : null,
      hardShare: mean(hardShare),
    };
  });
  return { method: id, label, folders: runs.map(({ folder }) => folder), points };
}
