import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic, writeJsonFile } from '@midtrain/core';
import type { ControlledCorpus } from './controlled-corpus.js';
import type { ControlledOptions } from './controlled-options.js';
import { writeTokenizerFiles } from './tokenizer-files.js';

/** Where a corpus's files lie in their folder. */
export interface ControlledFiles {
  readonly tokenizer: string;
  readonly base: string;
  readonly train: string;
  readonly trainQuestions: string;
  readonly testQuestions: string;
}

export const controlledFiles = (folder: string): ControlledFiles => ({
  tokenizer: join(folder, 'tokenizer'),
  base: join(folder, 'base.jsonl'),
  train: join(folder, 'train.jsonl'),
  trainQuestions: join(folder, 'questions-train.jsonl'),
  testQuestions: join(folder, 'questions-test.jsonl'),
});

const lines = (records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** Writes a corpus as runs read it; the knobs last, so that their file says that all others are there. */
export async function writeControlledFiles(
  folder: string,
  corpus: ControlledCorpus,
  options: ControlledOptions,
): Promise<void> {
  const knobs = join(folder, 'corpus.json');
  if (existsSync(knobs)) return;
  const files = controlledFiles(folder);
  await writeTokenizerFiles(files.tokenizer);
  for (const split of ['base', 'train'] as const)
    await writeFileAtomic(files[split], lines(corpus[split].map(({ id, text }) => ({ id, text }))));
  await writeFileAtomic(files.trainQuestions, lines(corpus.questions.train));
  await writeFileAtomic(files.testQuestions, lines(corpus.questions.test));
  await writeJsonFile(knobs, options);
}
