import { join } from 'node:path';
import type { PlannedRun } from '../plan.js';
import { triedRates } from './choose-rate.js';
import type { Execution } from './execution.js';

/** In place of a run: the one that is the same. */
export interface SameRun {
  readonly run: string;
}

export const sameRunFile = (place: string): string => join(place, 'same-run.json');

/** The run that a planned one would repeat, now that rates are chosen. */
export async function sameRun(
  { sameAs, learningRate }: PlannedRun,
  { runs, folder }: Pick<Execution, 'runs' | 'folder'>,
): Promise<SameRun | undefined> {
  if (sameAs === undefined || learningRate === undefined || !('chosenFor' in learningRate)) return undefined;
  const [own, other] = await Promise.all(
    [learningRate.chosenFor, sameAs.rateOf].map(
      async (method) => (await triedRates(method, runs, folder))[0].peak,
    ),
  );
  return own === other ? { run: sameAs.run } : undefined;
}
