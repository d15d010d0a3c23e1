import type { CompletionReward, CompletionScore } from '@midtrain/losses';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { Completion } from '../tree/completion-contract.js';
import type { Question } from './question.js';

/** A reward for each completion of one question, with its parts for the log. */
export function scoreCompletions(
  completions: readonly Completion[],
  { id, gold }: Question,
  tokenizer: Pick<Tokenizer, 'decode'>,
  reward: CompletionReward,
): CompletionScore[] {
  return completions.map(({ tokenIds, ended }) =>
    reward({
      questionId: id,
      gold,
      text: tokenizer.decode(ended ? tokenIds.slice(0, -1) : tokenIds),
      tokenIds,
      ended,
    }),
  );
}
