import { join } from 'node:path';
import { writeJsonFile } from '@midtrain/core';
import { readOptional } from '../run/read-optional.js';
import type { Evaluation, EvaluationResult, MethodResult } from './evaluation-data.js';

/** What a model predicted at some positions. */
interface Predicted {
  readonly withoutReasoning: EvaluationResult;
  readonly withReasoning?: EvaluationResult;
}

/**
 * Puts a model's accuracies into a run's `evaluation.json`, those of the same label anew, and writes the run's page.
 *
 * @param label what the page calls the model
 */
export async function addMethods(folder: string, label: string, predicted: Predicted): Promise<void> {
  const { withoutReasoning, withReasoning } = predicted;
  const added: MethodResult[] = [{ name: label, label, result: withoutReasoning }];
  const thinking = `${label}, thinking`;
  if (withReasoning) added.push({ name: thinking, label: thinking, result: withReasoning });
  const file = join(folder, 'evaluation.json');
  const evaluation = (await readOptional<Evaluation>(file, JSON.parse)) ?? {};
  const others = (evaluation.methods ?? []).filter(({ name }) => !added.some((one) => one.name === name));
  await writeJsonFile(file, { ...evaluation, methods: [...others, ...added] });
  const { reportFileOf, writeReport } = await import('./write-report.js');
  await writeReport([folder], reportFileOf(folder));
}
