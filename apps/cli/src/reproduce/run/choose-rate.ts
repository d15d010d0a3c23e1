import { RunFolderError } from '../../cli-error.js';
import type { PlannedRun } from '../plan.js';
import { readEvaluation } from './evaluate-run.js';
import { evaluationScore, type SplitScore } from './evaluation-score.js';
import type { ReproduceFolder } from './reproduce-folder.js';

/** A rate that was tried for a method, and how well it did on the validation split. */
export interface TriedRate {
  readonly run: string;
  readonly peak: number;
  /** Accuracy that decides: with reasoning for what is trained to think, else without. */
  readonly score: number;
  readonly result: SplitScore;
}

/** The rates tried for a method, as its search left them; the first is the best, of equals the smaller. */
export async function triedRates(
  method: string,
  runs: readonly PlannedRun[],
  folder: ReproduceFolder,
): Promise<TriedRate[]> {
  const searched = runs.filter((run) => run.part === 'learning rates' && run.method === method);
  const tried = await Promise.all(
    searched.map(async ({ id, kind, learningRate }): Promise<TriedRate> => {
      const evaluation = await readEvaluation(folder.run(id), 'validation');
      if (evaluation === undefined || learningRate === undefined || !('peak' in learningRate)) {
        throw new RunFolderError(`${folder.run(id)}: has no validation.json; run the plan again to go on`);
      }
      const result = evaluationScore(evaluation);
      const score = kind === 'train' ? result.withReasoning : result.withoutReasoning;
      return { run: id, peak: learningRate.peak, score, result };
    }),
  );
  return tried.sort((a, b) => b.score - a.score || a.peak - b.peak);
}
