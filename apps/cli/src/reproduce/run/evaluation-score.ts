import type { RunEvaluation } from './evaluate-run.js';

/** Shares of all positions of a split that were predicted right, and the mean length of thoughts. */
export interface SplitScore {
  readonly withoutReasoning: number;
  readonly withReasoning: number;
  readonly meanLength: number;
}

const share = (digits: string): number =>
  digits.length === 0 ? 0 : digits.split('').filter((digit) => digit === '1').length / digits.length;

export const evaluationScore = ({ correct, correctThinking, lengths }: RunEvaluation): SplitScore => ({
  withoutReasoning: share(correct),
  withReasoning: share(correctThinking),
  meanLength: lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length),
});
