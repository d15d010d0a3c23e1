import type { RandomSource } from '@midtrain/curriculum';

/** A position to think at, with its own instruction and limit. */
export interface RolloutPosition {
  /** Index into the request's documents. */
  readonly document: number;
  /** Index of the token to predict; the branches see the tokens before it. */
  readonly position: number;
  /** Tokens put after the prefix, up to and including `<think>`; at least one. */
  readonly instruction: readonly number[];
  /** A thought that has not ended after this many tokens is cut off, and its branch is malformed. ≥ 0 */
  readonly maxThoughtTokens: number;
}

/** Documents, positions and limits in … */
export interface RolloutRequest {
  readonly documents: readonly Int32Array[];
  readonly positions: readonly RolloutPosition[];
  /** Branches at each position, G ≥ 1. */
  readonly groupSize: number;
  /** Tokens predicted after `</think>`, ≥ 1; default 1. */
  readonly predictionTokens?: number;
  /** Sampling temperature; 0 takes the most likely token; default 1. */
  readonly temperature?: number;
  /** Token id of `</think>`. */
  readonly endOfThought: number;
  readonly random: RandomSource;
  readonly signal?: AbortSignal;
}

/** … branches with log-probabilities out. */
export interface Branch {
  /** All sampled tokens: the thought, `</think>`, the prediction. */
  readonly tokenIds: readonly number[];
  /** Log-probability in nats of each sampled token, at the sampling temperature (at 1 when greedy). */
  readonly logProbs: readonly number[];
  readonly thoughtTokenIds: readonly number[];
  /** Whether the thought was closed and the prediction made. */
  readonly wellFormed: boolean;
  /** Empty unless well formed. */
  readonly predictionTokenIds: readonly number[];
}

/** Writes branches: for each position, in order, `groupSize` of them. The seam behind which a server may stand. */
export type Rollout = (request: RolloutRequest) => Promise<readonly (readonly Branch[])[]>;
