import {
  type EvaluateQuestionsOptions,
  evaluateQuestions,
  type QuestionAccuracy,
  type QuestionOutcome,
  summariseQuestions,
} from '@midtrain/core';
import { showProgress } from '../progress/progress.js';

/** How well held-out questions were answered, and how long that took. */
export interface QuestionEvaluation extends QuestionAccuracy {
  /** Wall-clock. */
  readonly seconds: number;
}

/** Lets a policy answer questions, with its progress on stderr. */
export async function answerQuestions(
  label: string,
  options: EvaluateQuestionsOptions,
): Promise<QuestionEvaluation> {
  const started = performance.now();
  const outcomes: QuestionOutcome[] = [];
  const progress = showProgress({ label, total: options.questions.length });
  try {
    for await (const pass of evaluateQuestions(options)) {
      outcomes.push(...pass);
      const right = outcomes.filter(({ score }) => score.accuracy >= 1).length;
      progress.update(outcomes.length, `${right} answered right`);
    }
  } finally {
    progress.stop();
  }
  return { ...summariseQuestions(outcomes), seconds: (performance.now() - started) / 1000 };
}
