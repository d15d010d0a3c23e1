import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonFile } from '@midtrain/core';
import type { SelectedBackend } from '@midtrain/kernels';
import { makeBudget } from '../components/budget.js';
import { componentSource } from '../components/component-source.js';
import { readLines } from '../run/line-log.js';
import { pretrainRun } from '../run/pretrain-run.js';
import { trainRun } from '../run/train-run.js';
import { coldStartDocuments } from './base-run.js';
import { evaluateQuickstart, type QuickstartResults } from './evaluate.js';
import { openStages, type QuickstartRequest, type Stages } from './stages.js';

/** What the quickstart leaves in `summary.json`. */
export interface QuickstartSummary extends QuickstartResults {
  readonly seconds: { readonly pretrain: number; readonly midtrain: number; readonly evaluate: number };
}

/** The budgets of mid-training's first and last step. */
async function budgetsOf({ rmt: { config, configFile } }: Stages) {
  const budget = await makeBudget(config.budget, componentSource(configFile));
  const totalSteps = config.steps;
  const at = (step: number) => budget({ step, totalSteps, difficulty: 0.5 });
  return { first: at(0), last: at(totalSteps - 1) };
}

/** Seconds that a run's steps took, over all its resumptions. */
async function secondsOf(folder: string): Promise<number> {
  const lines = await readLines<{ readonly seconds: number }>(join(folder, 'metrics.jsonl'));
  return lines.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** A summary that has results, from a quickstart that was done before. */
async function finishedSummary(file: string): Promise<QuickstartSummary | undefined> {
  if (!existsSync(file)) return undefined;
  const summary = JSON.parse(await readFile(file, 'utf8')) as Partial<QuickstartSummary>;
  return summary.rmt === undefined ? undefined : (summary as QuickstartSummary);
}

/**
 * The whole path on GSM8K: a base from scratch with a cold start, mid-training, the fair baseline, evaluation, page.
 * Called again with the same folder it goes on where it stopped; once done it only tells its results.
 */
export async function quickstart(
  request: QuickstartRequest,
  backend: SelectedBackend,
): Promise<QuickstartSummary> {
  const { folder, quick } = request;
  const summaryFile = join(folder, 'summary.json');
  const stages = await openStages(request);
  const done = await finishedSummary(summaryFile);
  if (done) return done;

  const { base, rmt, continued } = stages;
  const isDone = (run: { readonly folder: string }) => existsSync(join(run.folder, 'summary.json'));
  if (!isDone(base)) await pretrainRun(base, backend, coldStartDocuments(rmt.config));
  if (!isDone(rmt)) await trainRun(rmt, backend);
  if (!isDone(continued)) await pretrainRun(continued, backend);

  const started = performance.now();
  const { results, evaluation } = await evaluateQuickstart(stages, await budgetsOf(stages), quick);
  await writeJsonFile(join(folder, 'evaluation.json'), evaluation);
  const summary: QuickstartSummary = {
    ...results,
    seconds: {
      pretrain: await secondsOf(base.folder),
      midtrain: await secondsOf(folder),
      evaluate: (performance.now() - started) / 1000,
    },
  };
  await writeJsonFile(summaryFile, summary);
  const { writeReport } = await import('../report/write-report.js');
  await writeReport([folder], join(folder, 'report.html'));
  return summary;
}
