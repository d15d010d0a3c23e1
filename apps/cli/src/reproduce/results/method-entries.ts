import type { Method } from '../methods.js';
import type { FinishedRun } from './finished-run.js';
import { correctness, formedness, thoughtLengths, tierEstimates, tiersMean } from './outcome-values.js';
import type { MethodEntry } from './results.js';

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Of the tokens that mid-training learns from, those that branches sampled; of documents it learns none where λ is 0. */
export function sampledShare(runs: readonly FinishedRun[]): number | null {
  const sampled = meanOf(runs.map(({ cost }) => cost.sampledTokens));
  const learnt = meanOf(runs.map(({ cost, config }) => (config.lambda === 0 ? 0 : cost.nextTokens)));
  return sampled === 0 ? null : sampled / (sampled + learnt);
}

/** The rate that runs were trained with; null where nothing was trained. */
const learningRateOf = ({ config }: FinishedRun): number | null => config.optimiser?.learningRate ?? null;

/** A method over its seeds. */
export function methodEntry({ id, label, kind }: Method, runs: readonly FinishedRun[]): MethodEntry {
  const costs = runs.map(({ cost }) => cost);
  const stream = `method ${id}`;
  const values = (of: (run: FinishedRun) => ReturnType<typeof thoughtLengths>) => runs.map(of);
  return {
    id,
    label,
    kind,
    folders: runs.map(({ folder }) => folder),
    learningRate: learningRateOf(runs[0]),
    steps: Math.round(meanOf(runs.map(({ config }) => config.steps))),
    withoutReasoning: tierEstimates(
      values((run) => correctness(run, false)),
      stream,
    ),
    withReasoning: tierEstimates(
      values((run) => correctness(run, true)),
      stream,
    ),
    meanLength: tiersMean(values(thoughtLengths), stream),
    wellFormed: tiersMean(values(formedness), stream),
    budget: meanOf(runs.map(({ evaluation }) => evaluation?.budget ?? 0)),
    tokens: meanOf(costs.map(({ tokens }) => tokens)),
    flops: meanOf(costs.map(({ flops }) => flops)),
    seconds: meanOf(costs.map(({ seconds }) => seconds)),
    sampledShare: kind === 'train' ? sampledShare(runs) : null,
  };
}
