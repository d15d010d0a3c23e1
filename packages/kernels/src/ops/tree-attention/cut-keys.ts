import type { AttentionBlock } from './plan-blocks.js';

/** Consecutive keys of a block, to be computed as one dense product with its queries. */
export interface KeyStretch {
  /** By index into the block's keys. */
  readonly first: number;
  readonly count: number;
  /** Whether some query does not see some of the keys. */
  readonly masked: boolean;
}

/**
 * Scores (query heads × queries × keys) computed at a time: more no longer lie in a core's cache on their way from
 * product to product. On 2 cores, 4 heads and 128 queries a score took 6 ns in the backward pass over 512 to 2,048 keys,
 * 13 to 15 over 4,096 and 24 to 28 over 8,192; in the forward pass 2, 2 to 3, and 7.
 */
export const SCORES = 2 ** 19;

/** Cuts a block's keys into stretches of about equal length; only the last has keys that not all queries see. */
export function cutKeys({ queries, keyCount, seen }: AttentionBlock, heads: number): KeyStretch[] {
  const most = Math.max(256, Math.floor(SCORES / (heads * queries)));
  const stretches = Math.ceil(keyCount / most);
  const starts = Array.from({ length: stretches }, (_, i) =>
    Math.min(seen, Math.floor((i * keyCount) / stretches)),
  );
  return starts.flatMap((first, i) => {
    const count = (starts[i + 1] ?? keyCount) - first;
    return count > 0 ? [{ first, count, masked: i === stretches - 1 }] : [];
  });
}
