import { RunFolderError } from '../../cli-error.js';
import type { PlannedRun } from '../plan.js';
import { type RunEvaluation, readEvaluation } from './evaluate-run.js';
import { evaluationScore, type SplitScore } from './evaluation-score.js';
import type { ReproduceFolder } from './reproduce-folder.js';

/** A rate that was tried for a method, and how well it did on the validation split. */
export interface TriedRate {
  /** A run for each base that it was tried on. */
  readonly runs: readonly string[];
  readonly peak: number;
  /** Accuracy that decides: with reasoning for what is trained to think, else without. */
  readonly score: number;
  /** Means over the runs. */
  readonly result: SplitScore;
  /** Positions asked about, in all runs together. */
  readonly positions: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The rates tried for a method, as its search left them; the first is the best, of equals the smaller. */
export async function triedRates(
  method: string,
  runs: readonly PlannedRun[],
  folder: ReproduceFolder,
): Promise<TriedRate[]> {
  const byPeak = new Map<number, PlannedRun[]>();
  for (const run of runs) {
    if (run.part !== 'learning rates' || run.method !== method) continue;
    const { learningRate } = run;
    if (learningRate === undefined || !('peak' in learningRate)) continue;
    byPeak.set(learningRate.peak, [...(byPeak.get(learningRate.peak) ?? []), run]);
  }
  const evaluationOf = async ({ id }: PlannedRun): Promise<RunEvaluation> => {
    const evaluation = await readEvaluation(folder.run(id), 'validation');
    if (evaluation !== undefined) return evaluation;
    throw new RunFolderError(`${folder.run(id)}: has no validation.json; run the plan again to go on`);
  };
  const tried = await Promise.all(
    [...byPeak].map(async ([peak, own]): Promise<TriedRate> => {
      const evaluations = await Promise.all(own.map(evaluationOf));
      const scores = evaluations.map(evaluationScore);
      const over = (field: keyof SplitScore): number => mean(scores.map((score) => score[field]));
      const result: SplitScore = {
        withoutReasoning: over('withoutReasoning'),
        withReasoning: over('withReasoning'),
        meanLength: over('meanLength'),
      };
      const score = own[0].kind === 'train' ? result.withReasoning : result.withoutReasoning;
      const positions = evaluations.reduce((sum, { correct }) => sum + correct.length, 0);
      return { runs: own.map(({ id }) => id), peak, score, result, positions };
    }),
  );
  return tried.sort((a, b) => b.score - a.score || a.peak - b.peak);
}
