import { parse } from 'yaml';
import { configFileOf } from '../../config/config-paths.js';
import { readOptional } from '../../run/read-optional.js';
import type { PlannedRun } from '../plan.js';
import { type ComputeCost, computeCost } from '../run/compute-cost.js';
import { type RunEvaluation, readEvaluation } from '../run/evaluate-run.js';
import type { Execution } from '../run/execution.js';
import { type PositionsFile, positionsFile } from '../run/held-out-positions.js';
import { type SameRun, sameRunFile } from '../run/same-run.js';

/** Fields of a run's configuration that the results tell. */
interface ConfigFields {
  readonly steps: number;
  readonly lambda?: number;
  readonly optimiser?: { readonly learningRate?: number };
}

/** A planned run that is done, with all that its folder says. */
export interface FinishedRun {
  readonly planned: PlannedRun;
  /** Folder, absolute and as told: below the output folder. */
  readonly place: string;
  readonly folder: string;
  readonly config: ConfigFields;
  readonly cost: ComputeCost;
  /** Outcomes on the test split and the positions that they belong to, where it was asked. */
  readonly evaluation?: RunEvaluation;
  readonly positions: PositionsFile['positions'];
}

/** Reads a run that is done, or the one that is the same. */
export async function finishedRun(planned: PlannedRun, execution: Execution): Promise<FinishedRun> {
  const { folder } = execution;
  const same = await readOptional<SameRun>(sameRunFile(folder.run(planned.id)), JSON.parse);
  const id = same?.run ?? planned.id;
  const place = folder.run(id);
  const base = folder.run(planned.base);
  const positions = await readOptional<PositionsFile>(positionsFile(base, 'test'), JSON.parse);
  return {
    planned,
    place,
    folder: `runs/${id}`,
    config: (await readOptional<ConfigFields>(configFileOf(place), parse)) as ConfigFields,
    cost: await computeCost(place),
    evaluation: await readEvaluation(place, 'test'),
    positions: positions?.positions ?? [],
  };
}
