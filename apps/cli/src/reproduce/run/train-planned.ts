import { join } from 'node:path';
import { postTrainConfig } from '../../config/post-train-config.js';
import { pretrainConfig } from '../../config/pretrain-config.js';
import { trainConfig } from '../../config/train-config.js';
import { openRun } from '../../run/open-run.js';
import { postTrainRun } from '../../run/post-train-run.js';
import { corpusDocuments, pretrainRun } from '../../run/pretrain-run.js';
import { trainRun } from '../../run/train-run.js';
import { RMT } from '../methods.js';
import type { PlannedRun } from '../plan.js';
import type { TrainedKind } from '../study.js';
import { triedRates } from './choose-rate.js';
import { computeCost } from './compute-cost.js';
import type { Execution } from './execution.js';

/** The one of RMT's runs, each at another rate, whose rate was chosen. */
async function ofChosenRate(rmt: readonly string[], { runs, folder }: Execution): Promise<string> {
  const [chosen] = await triedRates(RMT, runs, folder);
  return chosen.runs.find((run) => rmt.includes(run)) as string;
}

/** Steps of next-token training that cost as many floating-point operations as RMT. */
async function stepsOfSameCompute(
  { rmt, nextToken }: NonNullable<PlannedRun['sameComputeAs']>,
  execution: Execution,
): Promise<number> {
  const { folder } = execution;
  const like = rmt.length === 1 ? rmt[0] : await ofChosenRate(rmt, execution);
  const wanted = await computeCost(folder.run(like));
  const place = folder.run(nextToken);
  const { steps } = (await openRun({ resume: place, overrides: [] }, pretrainConfig)).config;
  const each = (await computeCost(place)).flops / steps;
  return Math.max(1, Math.round(wanted.flops / each));
}

/** The fields that a planned run sets otherwise than the study's configuration. */
async function overridesOf(run: PlannedRun, output: string, execution: Execution): Promise<string[]> {
  const { runs, folder, study, scale } = execution;
  const kind = run.kind as TrainedKind;
  const { from, learningRate, sameComputeAs } = run;
  const set = (field: string, value: string | number) => `${field}=${JSON.stringify(value)}`;
  const peak =
    learningRate === undefined
      ? undefined
      : 'peak' in learningRate
        ? learningRate.peak
        : (await triedRates(learningRate.chosenFor, runs, folder))[0].peak;
  return [
    ...study.configs[kind].overrides,
    ...scale.overrides[kind],
    set('output', output),
    set('seed', run.seed),
    ...(from === undefined ? [] : [set('model', join(folder.run(from), 'model'))]),
    ...(peak === undefined ? [] : [set('optimiser.learningRate', peak)]),
    ...(sameComputeAs === undefined
      ? []
      : [set('steps', await stepsOfSameCompute(sameComputeAs, execution))]),
    ...run.overrides,
  ];
}

/** Trains a planned run as the command of its kind would, or goes on where it stopped. */
export async function trainPlanned(run: PlannedRun, execution: Execution): Promise<void> {
  const { study, backend, rmt, folder, load } = execution;
  const kind = run.kind as TrainedKind;
  const output = folder.run(run.id);
  const request = {
    config: study.configs[kind].file,
    resume: output,
    overrides: await overridesOf(run, output, execution),
  };
  switch (kind) {
    case 'base':
      await pretrainRun(await openRun(request, pretrainConfig), backend, study.coldStart(rmt));
      break;
    case 'next-token':
      await pretrainRun(await openRun(request, pretrainConfig), backend, corpusDocuments(load));
      break;
    case 'train':
      await trainRun(await openRun(request, trainConfig), backend, load);
      break;
    case 'post-train':
      await postTrainRun(await openRun(request, postTrainConfig), backend);
      break;
  }
}
