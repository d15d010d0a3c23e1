import type { PackedTokens, RolloutPosition } from '@midtrain/core';
import type { AttentionGroup } from '@midtrain/kernels';

/** Rows that share nothing, packed without padding: each reads its prefix, its instruction and its branch itself. */
export interface PackedBranches extends PackedTokens {
  readonly groups: readonly AttentionGroup[];
  /** Row whose hidden state predicts each sampled token, branch after branch. */
  readonly predictions: Int32Array;
  readonly targets: Int32Array;
}

/** A branch with the place that it was written at. */
export interface PlacedBranch {
  readonly place: Pick<RolloutPosition, 'document' | 'position' | 'instruction'>;
  readonly tokenIds: readonly number[];
}

/** Lays branches out row by row. The last token of each is only predicted, never read. */
export function packBranches(
  documents: readonly Int32Array[],
  branches: readonly PlacedBranch[],
): PackedBranches {
  const tokenIds: number[] = [];
  const positions: number[] = [];
  const groups: AttentionGroup[] = [];
  const predictions: number[] = [];
  const targets: number[] = [];
  for (const { place, tokenIds: sampled } of branches) {
    const start = tokenIds.length;
    const prompt = [...documents[place.document].subarray(0, place.position), ...place.instruction];
    const row = [...prompt, ...sampled.slice(0, -1)];
    row.forEach((token, i) => {
      tokenIds.push(token);
      positions.push(i);
    });
    groups.push({ start, lengths: [row.length], prefix: [] });
    sampled.forEach((token, i) => {
      predictions.push(start + prompt.length - 1 + i);
      targets.push(token);
    });
  }
  return {
    tokenIds: Int32Array.from(tokenIds),
    positions: Int32Array.from(positions),
    groups,
    predictions: Int32Array.from(predictions),
    targets: Int32Array.from(targets),
  };
}

/** Cuts branches into passes of at most `maxTokens` tokens, each branch with its whole prefix. */
export function passesOf<T extends PlacedBranch>(branches: readonly T[], maxTokens: number): T[][] {
  const passes: T[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const branch of branches) {
    const size = branch.place.position + branch.place.instruction.length + branch.tokenIds.length - 1;
    if (tokens + size > maxTokens) {
      passes.push([]);
      tokens = 0;
    }
    passes[passes.length - 1].push(branch);
    tokens += size;
  }
  return passes;
}
