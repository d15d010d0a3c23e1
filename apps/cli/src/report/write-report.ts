import { join } from 'node:path';
import { writeFileAtomic } from '@midtrain/core';
import { reportPage } from './page.js';
import { readRun } from './run-data.js';

/** Where a run's own report lies. */
export const reportFileOf = (run: string): string => join(run, 'report.html');

/**
 * Writes one self-contained page on one run, or comparing several.
 *
 * @throws RunFolderError where a folder holds no run; DiskFullError, WriteError
 */
export async function writeReport(runs: readonly string[], file: string): Promise<void> {
  await writeFileAtomic(file, reportPage(await Promise.all(runs.map(readRun))));
}
