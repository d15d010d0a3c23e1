/** A tokenised text to train on. */
export interface TrainingDocument {
  /** Stable within the corpus. */
  readonly id: string;
  readonly tokenIds: Int32Array;
  /** First token that may be chosen to think at; default 1. Earlier ones are only read, as a statement is. */
  readonly firstCandidate?: number;
}
