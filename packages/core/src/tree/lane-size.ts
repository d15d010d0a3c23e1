import { bucketSize, canCompile } from '@midtrain/kernels';

/** Rounds up where graphs are compiled: each size that is met costs a graph. */
const rounded = (size: number, steps: number): number => (canCompile() ? bucketSize(size, steps) : size);

/** Rows of a lane's caches, M, and the tokens that each has room for, S. */
export const laneSize = (
  slots: number,
  tokens: number,
): { readonly rows: number; readonly capacity: number } => ({
  rows: rounded(slots, 4),
  capacity: rounded(tokens, 2),
});

/** Tokens of each of a lane's documents, T. */
export const sharedLength = (longest: number): number => rounded(longest, 2);

/** Places at each of a lane's documents, P. */
export const placesFor = (mostReaders: number): number => rounded(mostReaders, 1);
