import type { Completion } from './completion-contract.js';
import type { TokenWriter } from './token-writer.js';

/** A completion being written. */
interface CompletionWriter extends TokenWriter {
  finish(): Completion;
}

/** Starts a completion of at most `maxNewTokens` tokens, which any of `stops` ends. */
export function completionWriter(maxNewTokens: number, stops: ReadonlySet<number>): CompletionWriter {
  const tokenIds: number[] = [];
  const logProbs: number[] = [];
  let stopped = false;
  return {
    get ended() {
      return stopped || tokenIds.length >= maxNewTokens;
    },
    accept(tokenId, logProb) {
      tokenIds.push(tokenId);
      logProbs.push(logProb);
      stopped = stops.has(tokenId);
    },
    finish: () => ({ tokenIds, logProbs, ended: stopped }),
  };
}
