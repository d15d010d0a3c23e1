import { join } from 'node:path';
import { mergeLora, type Policy, type QuestionAccuracy, savePolicy, writeJsonFile } from '@midtrain/core';
import type { QuestionEvaluation } from '../evaluate/answer-questions.js';
import { readLines } from './line-log.js';

export interface FinishRunOptions {
  readonly folder: string;
  readonly policy: Policy;
  /** Directory whose tokenizer files go with the model. */
  readonly tokenizerDirectory: string;
  /** Directory of the model that the policy's adapter lies upon, where it has one. */
  readonly baseDirectory?: string;
  /** Whether to write `merged/` too. Default false. */
  readonly saveMerged?: boolean;
  /** What the steps were, as the key under `seconds`. */
  readonly phase: 'midtrain' | 'pretrain' | 'posttrain';
  /** How held-out questions were answered, where some were asked. */
  readonly answered?: { readonly before: QuestionEvaluation; readonly after: QuestionEvaluation };
}

/** What a run says of itself when it is done: `summary.json`, and the command's answer. */
export interface RunSummary {
  readonly steps: number;
  /** Figures of the last step. */
  readonly last: Readonly<Record<string, unknown>>;
  readonly tokens: number;
  readonly seconds: Readonly<Record<string, number>>;
  readonly before?: QuestionAccuracy;
  readonly after?: QuestionAccuracy;
}

const accuracyOf = ({ seconds: _, right: __, ...accuracy }: QuestionEvaluation): QuestionAccuracy => accuracy;

/**
 * Writes the model, `summary.json` and `report.html` of a run whose steps are done.
 *
 * @param options.policy an adapter is merged into its base when `saveMerged` asks for it: not to be used any more
 */
export async function finishRun(options: FinishRunOptions): Promise<RunSummary> {
  const { folder, policy, tokenizerDirectory, baseDirectory, saveMerged, phase, answered } = options;
  await savePolicy(policy, join(folder, 'model'), { tokenizerDirectory, baseDirectory });
  if (saveMerged) await savePolicy(mergeLora(policy), join(folder, 'merged'), { tokenizerDirectory });
  const metrics = await readLines<{ readonly tokens: number; readonly seconds: number }>(
    join(folder, 'metrics.jsonl'),
  );
  const sum = (of: (line: (typeof metrics)[number]) => number) =>
    metrics.reduce((total, line) => total + of(line), 0);
  const summary: RunSummary = {
    steps: metrics.length,
    last: metrics[metrics.length - 1],
    tokens: sum(({ tokens }) => tokens),
    seconds: {
      [phase]: sum(({ seconds }) => seconds),
      ...(answered && { evaluate: answered.before.seconds + answered.after.seconds }),
    },
    before: answered && accuracyOf(answered.before),
    after: answered && accuracyOf(answered.after),
  };
  await writeJsonFile(join(folder, 'summary.json'), summary);
  // The chart library is large, and only needed here.
  const { writeReport } = await import('../report/write-report.js');
  await writeReport([folder], join(folder, 'report.html'));
  return summary;
}
