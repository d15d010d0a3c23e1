import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { PostTrainMetrics, PretrainMetrics, QuestionAccuracy, StepMetrics } from '@midtrain/core';
import { parse } from 'yaml';
import { RunFolderError } from '../cli-error.js';
import type { AnswerSample } from '../run/answer-samples.js';
import { readLines } from '../run/line-log.js';
import { readOptional, readOptionalText } from '../run/read-optional.js';
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
  /** Held-out questions before and after post-training. */
  readonly before?: QuestionAccuracy;
  readonly after?: QuestionAccuracy;
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
  readonly postTraining: readonly PostTrainMetrics[];
  readonly samples: readonly RolloutSample[];
  readonly answers: readonly AnswerSample[];
  readonly summary?: SummaryData;
  readonly evaluation?: Evaluation;
}

type MetricsLine = StepMetrics | PretrainMetrics | PostTrainMetrics;

const isStep = (line: MetricsLine): line is StepMetrics => 'matchReward' in line;
const isPostTraining = (line: MetricsLine): line is PostTrainMetrics => 'formatReward' in line;
const isPretraining = (line: MetricsLine): line is PretrainMetrics => !isStep(line) && !isPostTraining(line);
const isAnswer = (sample: RolloutSample | AnswerSample): sample is AnswerSample => 'completions' in sample;

/**
 * Reads what a run's folder holds so far; a run that is still going may be read.
 *
 * @throws RunFolderError where there is no run
 */
export async function readRun(folder: string): Promise<RunData> {
  if (!existsSync(folder)) throw new RunFolderError(`${folder}: not found, expected a run's folder`);
  const file = (name: string) => join(folder, name);
  const lines = await readLines<MetricsLine>(file('metrics.jsonl'));
  const pretraining = await readLines<PretrainMetrics>(file(join('base', 'metrics.jsonl')));
  const summary = await readOptional<SummaryData>(file('summary.json'), JSON.parse);
  if (lines.length + pretraining.length === 0 && summary === undefined) {
    throw new RunFolderError(
      `${folder}: has no metrics.jsonl, expected the folder of a run that was started`,
    );
  }
  const samples = await readLines<RolloutSample | AnswerSample>(file('rollouts.jsonl'));
  return {
    name: basename(resolve(folder)),
    config: await readOptional(file('config.yaml'), (text) => parse(text)),
    configText: await readOptionalText(file('config.yaml')),
    record: await readOptional<RunRecord>(file('run.json'), JSON.parse),
    steps: lines.filter(isStep),
    pretraining: [...pretraining, ...lines.filter(isPretraining)],
    postTraining: lines.filter(isPostTraining),
    samples: samples.filter((sample): sample is RolloutSample => !isAnswer(sample)),
    answers: samples.filter(isAnswer),
    summary,
    evaluation: await readOptional<Evaluation>(file('evaluation.json'), JSON.parse),
  };
}
