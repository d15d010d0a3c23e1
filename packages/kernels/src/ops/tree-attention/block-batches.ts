import type { AttentionBlock } from './plan-blocks.js';

/** Blocks that differ only in where their rows lie: one computation serves them all. */
export type BlockBatch = readonly [AttentionBlock, ...AttentionBlock[]];

/** What a block's shape and mask depend on. */
const likeness = ({ queries, keyCount, seen, segments }: AttentionBlock): string =>
  JSON.stringify([queries, keyCount, seen, segments]);

function batched(blocks: readonly AttentionBlock[], heads: number, scores: number): readonly BlockBatch[] {
  const open = new Map<string, [AttentionBlock, ...AttentionBlock[]]>();
  const batches: BlockBatch[] = [];
  for (const block of blocks) {
    const key = likeness(block);
    const batch = open.get(key);
    const most = Math.floor(scores / (heads * block.queries * block.keyCount));
    if (batch && batch.length < most) {
      batch.push(block);
      continue;
    }
    const begun: [AttentionBlock] = [block];
    open.set(key, begun);
    batches.push(begun);
  }
  return batches;
}

const known = new WeakMap<readonly AttentionBlock[], Map<string, readonly BlockBatch[]>>();

/**
 * Puts blocks that are alike together, such as those of documents of one length: a single one is too small for its work to
 * be shared by threads. Kept for each array of blocks.
 *
 * @param heads query heads
 * @param scores most scores (heads × queries × keys) of a batch; a larger block stays alone
 */
export function batchBlocks(
  blocks: readonly AttentionBlock[],
  heads: number,
  scores: number,
): readonly BlockBatch[] {
  const bySize = known.get(blocks) ?? new Map<string, readonly BlockBatch[]>();
  known.set(blocks, bySize);
  const size = `${heads},${scores}`;
  const batches = bySize.get(size) ?? batched(blocks, heads, scores);
  bySize.set(size, batches);
  return batches;
}
