import { seededRandom, shuffle } from '@midtrain/curriculum';
import type { Policy } from '../policy/policy.js';
import type { TrainingDocument } from '../train/document.js';
import { readTrunk } from '../tree/trunk.js';

/** A range of difficulty, nats: from ≤ entropy < to. */
export interface EvaluationTier {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A held-out token to predict. */
export interface EvaluationPosition {
  /** Index into the documents. */
  readonly document: number;
  readonly position: number;
  /** Entropy in nats under the policy that fixed the tiers. */
  readonly entropy: number;
  /** Index into the tiers. */
  readonly tier: number;
}

/** One that was drawn from its tier. */
export interface ChosenPosition extends EvaluationPosition {
  /** Held-out tokens of its tier that it stands for, at least 1: weighted by it, a mean is that of all tokens in the tiers. */
  readonly weight: number;
}

export interface ChoosePositionsOptions {
  /** The policy whose entropies fix the tiers: the base, when methods are compared. */
  readonly policy: Policy;
  readonly documents: readonly TrainingDocument[];
  readonly tiers: readonly EvaluationTier[];
  /** Most positions of each tier. */
  readonly perTier: number;
  readonly seed: number;
  /** Documents read in one pass. Default 16. */
  readonly documentsPerPass?: number;
  readonly signal?: AbortSignal;
}

/**
 * Chooses held-out positions, the same number in each tier where there are enough, in the documents' order.
 *
 * @throws whatever `options.signal` was aborted with, between two passes
 */
export async function chooseEvaluationPositions(options: ChoosePositionsOptions): Promise<ChosenPosition[]> {
  const { policy, documents, tiers, perTier, seed, documentsPerPass = 16, signal } = options;
  const pools: EvaluationPosition[][] = tiers.map(() => []);
  for (let first = 0; first < documents.length; first += documentsPerPass) {
    const batch = documents.slice(first, first + documentsPerPass);
    const trunk = await readTrunk(
      policy,
      batch.map(({ tokenIds }) => tokenIds),
      signal,
    );
    trunk.dispose();
    batch.forEach(({ tokenIds, firstCandidate = 1 }, i) => {
      for (let position = Math.max(1, firstCandidate); position < tokenIds.length; position++) {
        const entropy = trunk.readings[i].entropies[position];
        const tier = tiers.findIndex(({ from, to }) => entropy >= from && entropy < to);
        if (tier >= 0) pools[tier].push({ document: first + i, position, entropy, tier });
      }
    });
  }
  const random = seededRandom(seed, 'evaluation');
  return pools
    .flatMap((pool) => {
      const drawn = shuffle(pool, random).slice(0, perTier);
      return drawn.map((at): ChosenPosition => ({ ...at, weight: pool.length / drawn.length }));
    })
    .sort((a, b) => a.document - b.document || a.position - b.position);
}
