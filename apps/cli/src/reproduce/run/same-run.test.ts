import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { PlannedRun } from '../plan.js';
import { evaluationFile } from './evaluate-run.js';
import { reproduceFolder } from './reproduce-folder.js';
import { sameRun } from './same-run.js';

const root = await mkdtemp(join(tmpdir(), 'midtrain-same-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = reproduceFolder(root);

const searched = (method: string, peak: number): PlannedRun => ({
  id: `search/${method}/${peak}`,
  part: 'learning rates',
  kind: 'train',
  method,
  seed: 9,
  overrides: [],
  base: 'base',
  learningRate: { peak },
  after: [],
  evaluate: ['validation'],
  seconds: 1,
});

/** The search's answers: what each rate of each method got right. */
async function search(answers: Readonly<Record<string, readonly [slow: string, fast: string]>>) {
  const runs = Object.keys(answers).flatMap((method) => [searched(method, 0.1), searched(method, 0.2)]);
  for (const { id, method, learningRate } of runs) {
    const [slow, fast] = answers[method];
    const correctThinking = learningRate && 'peak' in learningRate && learningRate.peak === 0.1 ? slow : fast;
    await mkdir(folder.run(id), { recursive: true });
    const evaluation = { correct: correctThinking, correctThinking, lengths: [1, 1] };
    await writeFile(evaluationFile(folder.run(id), 'validation'), JSON.stringify(evaluation));
  }
  return runs;
}

const twin: PlannedRun = {
  ...searched('ablation', 0),
  id: 'twin',
  part: 'comparison',
  learningRate: { chosenFor: 'rmt' },
  sameAs: { run: 'ablation/seed-0', rateOf: 'ablation' },
};

test('a run at another’s rate is the one that is there where both searches chose the same', async () => {
  const runs = await search({ rmt: ['11', '00'], ablation: ['10', '00'] });
  expect(await sameRun(twin, { runs, folder })).toEqual({ run: 'ablation/seed-0' });
  const apart = await search({ rmt: ['11', '00'], ablation: ['10', '11'] });
  expect(await sameRun(twin, { runs: apart, folder })).toBeUndefined();
});

test('others are runs of their own', async () => {
  const runs = await search({ rmt: ['11', '00'], ablation: ['10', '00'] });
  expect(await sameRun({ ...twin, sameAs: undefined }, { runs, folder })).toBeUndefined();
});
