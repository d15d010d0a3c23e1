import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonFile } from '@midtrain/core';
import type { PlannedRun } from '../plan.js';
import { evaluatePlanned, isEvaluated } from './evaluate-planned.js';
import type { Execution } from './execution.js';
import type { Performer } from './performer.js';
import type { ReproduceFolder } from './reproduce-folder.js';
import { sameRun, sameRunFile } from './same-run.js';
import { trainPlanned } from './train-planned.js';

const isTrained = (folder: string): boolean => existsSync(join(folder, 'summary.json'));

/** Whether nothing of a run is left to be done. */
export function isDone(run: PlannedRun, folder: ReproduceFolder): boolean {
  const place = folder.run(run.id);
  return existsSync(sameRunFile(place)) || (isTrained(place) && isEvaluated(run, place));
}

/** Does what of a run is not done yet, in this process. */
export async function doRun(run: PlannedRun, execution: Execution): Promise<void> {
  const place = execution.folder.run(run.id);
  const same = await sameRun(run, execution);
  if (same !== undefined) {
    await mkdir(place, { recursive: true });
    return writeJsonFile(sameRunFile(place), same);
  }
  if (!isTrained(place)) await trainPlanned(run, execution);
  await evaluatePlanned(run, execution);
  // A finished run goes on from nowhere; its optimiser's state is three times its model.
  await rm(join(place, 'checkpoints'), { recursive: true, force: true });
}

/** Does runs one after the other in this process, whose signals they hear themselves. */
export const inThisProcess = (execution: Execution): Performer => ({
  atOnce: 1,
  perform: (run) => doRun(run, execution),
  stop: () => {},
  close: () => {},
});
