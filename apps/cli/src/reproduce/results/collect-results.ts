import { join } from 'node:path';
import { expectedParameters, readModelConfig } from '@midtrain/core';
import { tierBounds } from '../../report/tier-bounds.js';
import { readOptional } from '../../run/read-optional.js';
import type { RunRecord } from '../../run/run-record.js';
import { BASE, type Method, RMT, RPT } from '../methods.js';
import { methodRun, postTrainedRun, settingRun } from '../plan.js';
import type { RmtDefaults } from '../rmt-defaults.js';
import { triedRates } from '../run/choose-rate.js';
import type { Execution } from '../run/execution.js';
import type { Setting } from '../sensitivity.js';
import type { Study } from '../study.js';
import { verdicts } from './claims/claims.js';
import { curveEntry } from './curve-entry.js';
import { differenceEntry, type SideRuns } from './difference-entry.js';
import { differences } from './differences.js';
import { type FinishedRun, finishedRun } from './finished-run.js';
import { methodEntry, sampledShare } from './method-entries.js';
import { correctness, thoughtLengths, tierEstimates, tiersMean } from './outcome-values.js';
import { postTrainingEntries } from './post-training-entries.js';
import type { RateSearch, Results, RunEntry, SensitivityEntry } from './results.js';
import { thoughtEntries } from './thought-entries.js';
import { truthEntries } from './truth-entries.js';

export interface CollectOptions extends Execution {
  readonly info: Study;
  readonly quick: boolean;
  readonly seeds: readonly number[];
  readonly methods: readonly Method[];
  readonly settings: readonly Setting[];
  readonly defaults: RmtDefaults;
}

async function rateSearch({ id, label }: Method, { runs, folder }: Execution): Promise<RateSearch> {
  const tried = await triedRates(id, runs, folder);
  return {
    method: id,
    label,
    chosen: tried[0].peak,
    ahead: tried.length > 1 ? tried[0].score - tried[1].score : null,
    positions: tried[0].positions,
    tried: tried
      .map(({ runs, peak, result }) => ({ peak, folders: runs.map((run) => `runs/${run}`), ...result }))
      .sort((a, b) => a.peak - b.peak),
  };
}

const runEntry = ({ planned, folder, config, cost }: FinishedRun): RunEntry => ({
  id: planned.id,
  folder,
  part: planned.part,
  method: planned.method,
  seed: planned.seed,
  steps: config.steps,
  learningRate: config.optimiser?.learningRate ?? null,
  overrides: planned.overrides,
  tokens: cost.tokens,
  flops: planned.kind === 'post-train' ? null : cost.flops,
  seconds: cost.seconds,
});

/** All numbers of a plan that is done, from its runs' folders and from nothing else. */
export async function collectResults(options: CollectOptions): Promise<Results> {
  const { runs, info, quick, seeds, methods, settings, scale, tiers } = options;
  const finished = new Map<string, FinishedRun>();
  for (const run of runs) finished.set(run.id, await finishedRun(run, options));
  const take = (ids: readonly string[]) =>
    ids.map((id) => finished.get(id)).filter((run) => run !== undefined);
  const runsOf = (method: string) => take(seeds.map((seed) => methodRun(method, seed)));
  const labelOf = (id: string) => methods.find((method) => method.id === id)?.label ?? id;
  const side = (method: string, thinking: boolean): SideRuns => ({
    method,
    thinking,
    label: labelOf(method),
    runs: runsOf(method),
  });
  const sensitivity = settings.map((setting): SensitivityEntry => {
    const own = take(seeds.slice(0, scale.sensitivity.seeds).map((seed) => settingRun(setting.id, seed)));
    const { id, parameter, usual, value } = setting;
    const stream = `setting ${id}`;
    const set: SideRuns = { method: id, thinking: true, label: `${parameter} = ${value}`, runs: own };
    return {
      id,
      parameter,
      usual,
      value,
      folders: own.map((run) => run.folder),
      withReasoning: tierEstimates(
        own.map((run) => correctness(run, true)),
        stream,
      ),
      withoutReasoning: tierEstimates(
        own.map((run) => correctness(run, false)),
        stream,
      ),
      meanLength: tiersMean(own.map(thoughtLengths), stream),
      sampledShare: sampledShare(own),
      difference: differenceEntry(set, side(RMT, true)),
    };
  });
  // What is the same method at another rate is told of beside it, in differences.
  const told = methods.filter(({ twinOf }) => twinOf === undefined);
  const entries = told.map((method) => methodEntry(method, runsOf(method.id)));
  const postTraining = await postTrainingEntries(methods, (method) =>
    take(seeds.map((seed) => postTrainedRun(method, seed))),
  );
  const compared = differences(methods, side);
  const trained = told.filter(({ kind }) => kind === 'train');
  const shown = [BASE, RPT, RMT].flatMap((id) => methods.filter((method) => method.id === id));
  const [base] = runsOf(BASE);
  const model = await readModelConfig(join(base.place, 'model'));
  const all = [...finished.values()].filter(({ planned, folder }) => folder === `runs/${planned.id}`);
  return {
    study: {
      name: info.name,
      title: info.title,
      description: info.description,
      tiers: tiers.ranges.map(tierBounds),
      freshDocuments: info.freshDocuments,
    },
    quick,
    seeds,
    positions: runsOf(BASE).reduce((sum, run) => sum + run.positions.length, 0),
    maxThoughtTokens: options.maxThoughtTokens,
    thoughtLimit: options.rmt.rollout.thoughtLimit,
    parameters: [...expectedParameters(model).values()].reduce(
      (sum, shape) => sum + shape.reduce((size, length) => size * length, 1),
      0,
    ),
    defaults: options.defaults,
    record: (await readOptional<RunRecord>(join(base.place, 'run.json'), JSON.parse)) ?? null,
    seconds: all.reduce((sum, { cost, evaluation }) => sum + cost.seconds + (evaluation?.seconds ?? 0), 0),
    verdicts: verdicts({
      methods: entries,
      differences: compared,
      postTraining,
      sensitivity,
      runsOf,
      filteredTiers: tiers.ranges.flatMap(({ from }, tier) =>
        from >= options.defaults.thresholds[0] ? [tier] : [],
      ),
    }),
    methods: entries,
    differences: compared,
    truth: truthEntries(runsOf(BASE), shown, runsOf),
    postTraining,
    curves: await Promise.all(trained.map((method) => curveEntry(method, runsOf(method.id)))),
    sensitivity,
    learningRates: await Promise.all(
      methods
        .filter(({ kind, rateOf }) => kind !== 'none' && rateOf === undefined)
        .map((method) => rateSearch(method, options)),
    ),
    thoughts: thoughtEntries(shown, runsOf),
    runs: all.map(runEntry),
  };
}
