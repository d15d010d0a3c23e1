/** A question to answer. */
export interface Question {
  /** Stable and unique among the questions. */
  readonly id: string;
  /** The question as it is put to the policy; at least one token. */
  readonly promptTokenIds: Int32Array;
  /** The right answer, handed to the reward as it is. */
  readonly gold: string;
}
