import { type BranchOutcome, type Reward, type RewardParts, rewardParts } from '@midtrain/losses';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { Branch } from '../tree/rollout-contract.js';

/** Longest continuation shown to a reward, in tokens. */
const CONTINUATION_TOKENS = 32;

/** What a branch is scored against. */
export interface BranchTarget {
  readonly document: Int32Array;
  readonly position: number;
  /** Tokens the thought was given. */
  readonly budget: number;
}

/** A reward for each branch of one position, with its parts for the log. */
export function scoreBranches(
  branches: readonly Branch[],
  { document, position, budget }: BranchTarget,
  tokenizer: Pick<Tokenizer, 'tokenBytes'>,
  reward: Reward,
): RewardParts[] {
  const continuationTokenIds = [...document.subarray(position, position + CONTINUATION_TOKENS)];
  const continuationBytes = continuationTokenIds.map((id) => tokenizer.tokenBytes(id));
  return branches.map((branch) => {
    const { thoughtTokenIds, wellFormed, predictionTokenIds } = branch;
    const outcome: BranchOutcome = {
      thoughtTokenIds,
      budget,
      wellFormed,
      predictionTokenIds,
      predictionBytes: Uint8Array.from(predictionTokenIds.flatMap((id) => [...tokenizer.tokenBytes(id)])),
      continuationTokenIds,
      continuationBytes,
    };
    return rewardParts(reward, outcome);
  });
}
