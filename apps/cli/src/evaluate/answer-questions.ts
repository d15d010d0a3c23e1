import {
  type EvaluateQuestionsOptions,
  evaluateQuestions,
  type QuestionAccuracy,
  type QuestionOutcome,
  summariseQuestions,
} from '@midtrain/core';
import { InterruptedError } from '../cli-error.js';
import { showProgress } from '../progress/progress.js';
import { listenForStop } from '../run/stop-signal.js';

/** How well held-out questions were answered, and how long that took. */
export interface QuestionEvaluation extends QuestionAccuracy {
  /** Wall-clock. */
  readonly seconds: number;
  /** A digit a question, in their order: 1 where the answer is right. */
  readonly right: string;
}

/**
 * Lets a policy answer questions, with its progress on stderr.
 *
 * @param goOn the command that goes on with the run
 * @throws InterruptedError at Ctrl-C or SIGTERM
 */
export async function answerQuestions(
  label: string,
  goOn: string,
  options: EvaluateQuestionsOptions,
): Promise<QuestionEvaluation> {
  const started = performance.now();
  const outcomes: QuestionOutcome[] = [];
  const progress = showProgress({ label, total: options.questions.length });
  const interrupted = new AbortController();
  const stop = listenForStop(() =>
    interrupted.abort(new InterruptedError(`stopped while asking held-out questions; go on with: ${goOn}`)),
  );
  try {
    for await (const pass of evaluateQuestions({ ...options, signal: interrupted.signal })) {
      outcomes.push(...pass);
      const right = outcomes.filter(({ score }) => score.accuracy >= 1).length;
      progress.update(outcomes.length, `${right} answered right`);
    }
  } finally {
    progress.stop();
    stop.release();
  }
  return {
    ...summariseQuestions(outcomes),
    right: outcomes.map(({ score }) => (score.accuracy >= 1 ? 1 : 0)).join(''),
    seconds: (performance.now() - started) / 1000,
  };
}
