import type { PlannedRun } from '../plan.js';
import { triedRates } from './choose-rate.js';
import type { ReproduceFolder } from './reproduce-folder.js';

/** Where a run lies: a chosen one in the folder of the search's run that was chosen. Its id in `runs/`. */
export async function placeOf(
  id: string,
  runs: readonly PlannedRun[],
  folder: ReproduceFolder,
): Promise<string> {
  const run = runs.find((one) => one.id === id);
  if (run?.kind !== 'chosen') return id;
  const [best] = await triedRates(run.method, runs, folder);
  return best.run;
}
