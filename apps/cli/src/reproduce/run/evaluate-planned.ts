import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadTokenizer } from '@midtrain/core';
import { configFileOf } from '../../config/config-paths.js';
import { readConfig } from '../../config/read-config.js';
import { trainConfig } from '../../config/train-config.js';
import type { PlannedRun } from '../plan.js';
import type { Split } from '../study.js';
import { evaluateRun, evaluationFile } from './evaluate-run.js';
import type { Execution } from './execution.js';
import { type HeldOutPositions, heldOutPositions } from './held-out-positions.js';

/** The positions of a run's base. */
async function positionsOf(
  { base, seed }: PlannedRun,
  split: Split,
  execution: Execution,
): Promise<HeldOutPositions> {
  const { tiers, scale, folder } = execution;
  const place = folder.run(base);
  const documents = await execution.documents(split, await loadTokenizer(join(place, 'model')));
  return heldOutPositions({ base: place, split, documents, tiers, perTier: scale.perTier[split], seed });
}

/** Whether a run's model was asked about all that it should be. */
export const isEvaluated = (run: PlannedRun, place: string): boolean =>
  run.evaluate.every((split) => existsSync(evaluationFile(place, split)));

/** Asks a planned run's model about the held-out positions that it was not asked about yet. */
export async function evaluatePlanned(run: PlannedRun, execution: Execution): Promise<void> {
  const { rmt, folder, maxThoughtTokens } = execution;
  const place = folder.run(run.id);
  const thinks = run.kind === 'train';
  const training = thinks ? await readConfig(configFileOf(place), trainConfig) : rmt;
  for (const split of run.evaluate) {
    if (existsSync(evaluationFile(place, split))) continue;
    await evaluateRun({
      folder: place,
      label: run.id,
      split,
      heldOut: await positionsOf(run, split, execution),
      training,
      step: thinks ? training.steps - 1 : 0,
      maxThoughtTokens,
    });
  }
}
