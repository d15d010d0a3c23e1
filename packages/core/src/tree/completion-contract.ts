import type { RandomSource } from '@midtrain/curriculum';

/** Prompts and a limit in … */
export interface CompletionRequest {
  /** Token ids of each prompt, at least one. */
  readonly prompts: readonly Int32Array[];
  /** Completions of each prompt, G ≥ 1. */
  readonly groupSize: number;
  /** Longest completion in tokens, the one that ends it included. ≥ 1 */
  readonly maxNewTokens: number;
  /** Tokens that end a completion; without any, all are cut off at the limit. */
  readonly stopTokenIds: readonly number[];
  /** Sampling temperature; 0 takes the most likely token; default 1. */
  readonly temperature?: number;
  readonly random: RandomSource;
  readonly signal?: AbortSignal;
}

/** … completions with log-probabilities out. */
export interface Completion {
  /** All sampled tokens, with the one that ended it. */
  readonly tokenIds: readonly number[];
  /** Log-probability in nats of each sampled token, at the sampling temperature (at 1 when greedy). */
  readonly logProbs: readonly number[];
  /** Whether it ended by itself; else it was cut off at the limit. */
  readonly ended: boolean;
}

/** Completes prompts: for each, in order, `groupSize` times. The seam behind which a server may stand. */
export type CompletionRollout = (request: CompletionRequest) => Promise<readonly (readonly Completion[])[]>;
