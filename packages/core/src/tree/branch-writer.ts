import type { Branch } from './rollout-contract.js';
import type { TokenWriter } from './token-writer.js';

/** A branch being written. */
interface BranchWriter extends TokenWriter {
  finish(): Branch;
}

/** Starts a branch that thinks for at most `maxThoughtTokens` and then predicts `predictionTokens` tokens. */
export function branchWriter(
  maxThoughtTokens: number,
  predictionTokens: number,
  endOfThought: number,
): BranchWriter {
  const tokenIds: number[] = [];
  const logProbs: number[] = [];
  let thoughtEnd = -1;
  const predicted = () => (thoughtEnd < 0 ? 0 : tokenIds.length - thoughtEnd - 1);
  return {
    get ended() {
      return thoughtEnd < 0 ? tokenIds.length > maxThoughtTokens : predicted() >= predictionTokens;
    },
    accept(tokenId, logProb) {
      if (thoughtEnd < 0 && tokenId === endOfThought) thoughtEnd = tokenIds.length;
      tokenIds.push(tokenId);
      logProbs.push(logProb);
    },
    finish: () => ({
      tokenIds,
      logProbs,
      thoughtTokenIds: thoughtEnd < 0 ? tokenIds : tokenIds.slice(0, thoughtEnd),
      wellFormed: predicted() === predictionTokens,
      predictionTokenIds: predicted() === predictionTokens ? tokenIds.slice(thoughtEnd + 1) : [],
    }),
  };
}
