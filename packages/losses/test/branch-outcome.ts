import type { BranchOutcome } from '../src/index.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A well-formed outcome whose tokens are given as text; ids are made up but equal for equal text. */
export function outcomeOf(
  prediction: readonly string[],
  continuation: readonly string[],
  rest: Partial<BranchOutcome> = {},
): BranchOutcome {
  const vocabulary = [...new Set([...continuation, ...prediction])];
  const idOf = (token: string): number => 100 + vocabulary.indexOf(token);
  return {
    thoughtTokenIds: [1, 2, 3],
    budget: 4,
    wellFormed: true,
    predictionTokenIds: prediction.map(idOf),
    predictionBytes: bytesOf(prediction.join('')),
    continuationTokenIds: continuation.map(idOf),
    continuationBytes: continuation.map(bytesOf),
    ...rest,
  };
}
