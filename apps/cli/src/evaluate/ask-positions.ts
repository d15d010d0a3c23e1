import {
  type EvaluatePositionsOptions,
  evaluatePositions,
  type PositionOutcome,
  summariseOutcomes,
  type Tokenizer,
} from '@midtrain/core';
import { InterruptedError } from '../cli-error.js';
import { showProgress } from '../progress/progress.js';
import type { EvaluationResult, ThoughtOutcome } from '../report/evaluation-data.js';
import { listenForStop } from '../run/stop-signal.js';

/**
 * Predicts all positions, with progress on stderr.
 *
 * @throws InterruptedError at Ctrl-C or SIGTERM
 */
export async function askPositions(
  label: string,
  options: EvaluatePositionsOptions,
): Promise<PositionOutcome[]> {
  const progress = showProgress({ label: `evaluate ${label}`, total: options.positions.length });
  const outcomes: PositionOutcome[] = [];
  const interrupted = new AbortController();
  const stop = listenForStop(() =>
    interrupted.abort(
      new InterruptedError('stopped while asking held-out positions; the same command goes on'),
    ),
  );
  try {
    for await (const pass of evaluatePositions({ ...options, signal: interrupted.signal })) {
      outcomes.push(...pass);
      progress.update(outcomes.length);
    }
  } finally {
    progress.stop();
    stop.release();
  }
  return outcomes;
}

/** Outcomes in the three tiers, as `summary.json` and the page have them. */
export function evaluationResult(outcomes: readonly PositionOutcome[]): EvaluationResult {
  const { tiers, average, meanLength, wellFormed } = summariseOutcomes(outcomes, 3);
  const [easy, medium, hard] = tiers;
  return { easy, medium, hard, average, meanLength, wellFormed };
}

/** A thought and its prediction, in text. */
export const thoughtOutcome = (
  { branch, predicted, correct }: PositionOutcome,
  tokenizer: Pick<Tokenizer, 'decode'>,
): ThoughtOutcome => ({
  thought: tokenizer.decode(branch?.thoughtTokenIds ?? []),
  prediction: predicted < 0 ? '' : tokenizer.decode([predicted]),
  length: branch?.thoughtTokenIds.length ?? 0,
  correct,
});
