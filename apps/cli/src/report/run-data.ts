import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { PretrainMetrics, StepMetrics } from '@midtrain/core';
import { parse } from 'yaml';
import { RunFolderError } from '../cli-error.js';
import { readLines } from '../run/line-log.js';
import type { RolloutSample } from '../run/rollout-samples.js';
import type { RunRecord } from '../run/run-record.js';
import type { Evaluation, EvaluationResult } from './evaluation-data.js';

/** `summary.json`, as far as it is there. */
interface SummaryData {
  readonly base?: { readonly withoutReasoning?: EvaluationResult; readonly withReasoning?: EvaluationResult };
  readonly continued?: { readonly withoutReasoning?: EvaluationResult };
  readonly rmt?: { readonly withoutReasoning?: EvaluationResult; readonly withReasoning?: EvaluationResult };
  readonly seconds?: Readonly<Record<string, number>>;
  readonly tokens?: number;
}

/** What a run's folder says of it; what is not there is empty. */
export interface RunData {
  readonly name: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** `config.yaml` as it stands. */
  readonly configText?: string;
  readonly record?: RunRecord;
  readonly steps: readonly StepMetrics[];
  readonly pretraining: readonly PretrainMetrics[];
  readonly samples: readonly RolloutSample[];
  readonly summary?: SummaryData;
  readonly evaluation?: Evaluation;
}

const isStep = (line: StepMetrics | PretrainMetrics): line is StepMetrics => 'matchReward' in line;

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readOptional<T>(file: string, parseText: (text: string) => unknown): Promise<T | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  try {
    return parseText(text) as T;
  } catch (cause) {
    throw new RunFolderError(`${file}: cannot be read (${(cause as Error).message.split('\n')[0]})`, {
      cause,
    });
  }
}

/**
 * Reads what a run's folder holds so far; a run that is still going may be read.
 *
 * @throws RunFolderError where there is no run
 */
export async function readRun(folder: string): Promise<RunData> {
  if (!existsSync(folder)) throw new RunFolderError(`${folder}: not found, expected a run's folder`);
  const file = (name: string) => join(folder, name);
  const lines = await readLines<StepMetrics | PretrainMetrics>(file('metrics.jsonl'));
  const pretraining = await readLines<PretrainMetrics>(file(join('base', 'metrics.jsonl')));
  const summary = await readOptional<SummaryData>(file('summary.json'), JSON.parse);
  if (lines.length + pretraining.length === 0 && summary === undefined) {
    throw new RunFolderError(
      `${folder}: has no metrics.jsonl, expected the folder of a run that was started`,
    );
  }
  return {
    name: basename(resolve(folder)),
    config: await readOptional(file('config.yaml'), (text) => parse(text)),
    configText: await readText(file('config.yaml')),
    record: await readOptional<RunRecord>(file('run.json'), JSON.parse),
    steps: lines.filter(isStep),
    pretraining: [...pretraining, ...lines.filter((line): line is PretrainMetrics => !isStep(line))],
    samples: await readLines<RolloutSample>(file('rollouts.jsonl')),
    summary,
    evaluation: await readOptional<Evaluation>(file('evaluation.json'), JSON.parse),
  };
}
