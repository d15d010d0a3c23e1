import { join } from 'node:path';
import { writeFileAtomic } from '@midtrain/core';

/** Where a run's own report lies. */
export const reportFileOf = (run: string): string => join(run, 'report.html');

/** Writes one page on one or several runs. */
export async function writeReport(runs: readonly string[], file: string): Promise<void> {
  await writeFileAtomic(file, `<!doctype html><p>${runs.length}`);
}
