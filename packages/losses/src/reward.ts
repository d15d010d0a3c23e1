/** What one branch wrote at one position, and what the document says there. */
export interface BranchOutcome {
  /** Tokens of the thought, between `<think>` and `</think>`. */
  readonly thoughtTokenIds: readonly number[];
  /** The budget the thought was given, in tokens. */
  readonly budget: number;
  /** Whether the branch closed its thought and then predicted something. */
  readonly wellFormed: boolean;
  /** Tokens predicted after the thought; empty when not well formed. */
  readonly predictionTokenIds: readonly number[];
  /** The prediction's raw bytes (a token may split a UTF-8 character, so never a decoded string). */
  readonly predictionBytes: Uint8Array;
  /** The document's tokens from the position on: the first one is the token to predict. */
  readonly continuationTokenIds: readonly number[];
  /** Raw bytes of each token of the continuation. */
  readonly continuationBytes: readonly Uint8Array[];
  /** Log-probability in nats that the policy gave the true next token after this thought, where it was measured. */
  readonly targetLogProb?: number;
}

/** Scores a branch. Usually in 0..1. The contract that `@midtrain/core` asks for. */
export type Reward = (outcome: BranchOutcome) => number;
