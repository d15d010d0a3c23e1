/** What one forward pass, and the run so far, say about the tokens of one document. All arrays have its length. */
export interface TokenEvidence {
  /** Stable identity of the document in the corpus. */
  readonly documentId: string;
  /** Entropy in nats of the model's distribution for the token at each index, given those before it. Index 0: NaN. */
  readonly entropies: Float32Array;
  /** Log-probability in nats of the token at each index, given those before it. Index 0: NaN. */
  readonly logProbs: Float32Array;
}

/** Turns evidence into a difficulty for each token of the document (NaN: not a candidate). */
export interface DifficultySignal {
  /**
   * @param step the step about to run, from 0; signals that change their mind only now and then need it, others ignore it
   */
  measure(evidence: TokenEvidence, step?: number): Float32Array;
  /** Tells the signal what a position's group was rewarded, for signals that learn from it. */
  observe?(documentId: string, position: number, rewards: readonly number[]): void;
  /** JSON-safe state for a checkpoint, where the signal has any. */
  state?(): unknown;
  /** Goes on from a state that `state` returned. */
  restore?(state: unknown): void;
}
