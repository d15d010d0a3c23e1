/** What one completion of a question wrote. */
export interface CompletionOutcome {
  readonly questionId: string;
  /** The right answer, as the question's data gives it. */
  readonly gold: string;
  /** The completion's text, special tokens such as `<think>` written out, without the token that ended it. */
  readonly text: string;
  /** All sampled tokens, with the one that ended it. */
  readonly tokenIds: readonly number[];
  /** Whether it ended by itself; else it was cut off at its longest. */
  readonly ended: boolean;
}

/** What a completion is worth, and what that is made of, for the log. */
export interface CompletionScore {
  /** What the advantage is made from; any finite number. */
  readonly reward: number;
  /** How right the answer is, 0..1. */
  readonly accuracy: number;
  /** How far the asked-for form was kept, 0..1. */
  readonly format: number;
}

/** Scores the answer to a question. The contract that `@midtrain/core` asks for in post-training. */
export type CompletionReward = (outcome: CompletionOutcome) => CompletionScore;
