/** One generated answer, graded. */
export interface GradedSample {
  readonly text: string;
  readonly correct: boolean;
  /** The answer read out of the text, or `null`. */
  readonly prediction: string | null;
  readonly reason: string;
}

/** All samples of one problem, graded. */
export interface ProblemResult {
  readonly id: string;
  readonly gold: string;
  readonly subject: string | null;
  readonly level: string | null;
  readonly samples: readonly GradedSample[];
  /** How many samples are right. */
  readonly correct: number;
  /** How many samples came from the cache. */
  readonly cached: number;
}
