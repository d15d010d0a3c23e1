import { join } from 'node:path';
import {
  type ChosenPosition,
  chooseEvaluationPositions,
  disposePolicy,
  type Tokenizer,
  writeJsonFile,
} from '@midtrain/core';
import type { RangedTiers } from '@midtrain/curriculum';
import { openModel } from '../../model/open-model.js';
import { type TierBounds, tierBounds } from '../../report/tier-bounds.js';
import { readOptional } from '../../run/read-optional.js';
import type { HeldOutDocument, OpenStudy, Scale, Split } from '../study.js';

/** The positions that all methods of one seed are asked about, in tiers that its base fixes. */
export interface HeldOutPositions {
  readonly documents: readonly HeldOutDocument[];
  readonly positions: readonly ChosenPosition[];
}

/** `positions-test.json` of a base. */
export interface PositionsFile {
  readonly tiers: readonly TierBounds[];
  readonly positions: readonly PositionLine[];
}

interface PositionLine extends ChosenPosition {
  readonly documentId: string;
  /** Lookups that the token takes, where the corpus knows. */
  readonly hops?: number;
}

export const positionsFile = (base: string, split: Split): string => join(base, `positions-${split}.json`);

/** Reads a study's held-out documents once. */
export function heldOutDocuments(
  study: OpenStudy,
  scale: Scale,
): (split: Split, tokenizer: Tokenizer) => Promise<readonly HeldOutDocument[]> {
  const known = new Map<Split, Promise<readonly HeldOutDocument[]>>();
  return (split, tokenizer) => {
    const documents =
      known.get(split) ??
      study
        .heldOut(split, tokenizer)
        .then((all): readonly HeldOutDocument[] => all.slice(0, scale.documents));
    known.set(split, documents);
    return documents;
  };
}

export interface HeldOutOptions {
  /** Folder of the base's run. */
  readonly base: string;
  readonly split: Split;
  readonly documents: readonly HeldOutDocument[];
  readonly tiers: RangedTiers;
  readonly perTier: number;
  readonly seed: number;
}

/** Chooses positions by the base's entropies and leaves them in its folder. */
async function choosePositions(options: HeldOutOptions): Promise<readonly PositionLine[]> {
  const { base, split, documents, tiers, perTier, seed } = options;
  const { policy } = await openModel(join(base, 'model'));
  const chosen = await chooseEvaluationPositions({
    policy,
    documents,
    tiers: tiers.ranges,
    perTier,
    seed,
  }).finally(() => disposePolicy(policy));
  const positions = chosen.map(
    (at): PositionLine => ({
      ...at,
      documentId: documents[at.document].id,
      hops: documents[at.document].hops?.[at.position],
    }),
  );
  await writeJsonFile(positionsFile(base, split), {
    tiers: tiers.ranges.map(tierBounds),
    positions,
  } satisfies PositionsFile);
  return positions;
}

/** The positions of a base, chosen the first time and read from its folder ever after. */
export async function heldOutPositions(options: HeldOutOptions): Promise<HeldOutPositions> {
  const { base, split, documents } = options;
  const known = await readOptional<PositionsFile>(positionsFile(base, split), JSON.parse);
  return { documents, positions: known?.positions ?? (await choosePositions(options)) };
}
