import { grade } from '../grade/grade.js';
import type { GradeOptions } from '../grade/options.js';
import type { GradedSample } from './result.js';

/**
 * maj@k of one problem: whether the commonest answer among the first k samples is right. Answers that grade as equal count
 * as one; among equals in number the one that came first wins; samples without an answer have no vote.
 */
export function majorityAtK(samples: readonly GradedSample[], k: number, options: GradeOptions = {}): 0 | 1 {
  const groups: Array<{ answer: string; votes: number; correct: boolean }> = [];
  for (const sample of samples.slice(0, k)) {
    if (sample.prediction === null) continue;
    const answer = sample.prediction;
    const group = groups.find(
      (other) =>
        other.correct === sample.correct &&
        (other.answer === answer ||
          grade(other.answer, answer, { ...options, startsInThought: false }).correct),
    );
    if (group) group.votes += 1;
    else groups.push({ answer, votes: 1, correct: sample.correct });
  }
  const winner = groups.reduce((best, group) => (group.votes > best.votes ? group : best), {
    answer: '',
    votes: 0,
    correct: false,
  });
  return winner.correct ? 1 : 0;
}
