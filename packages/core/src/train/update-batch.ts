import type { PolicyLoss } from '@midtrain/losses';
import type { TreePosition } from '../tree/pack-tree.js';

/** A position whose branches have been written, rewarded and compared. */
export interface ScoredPosition extends TreePosition {
  /** Log-probabilities of each branch's tokens when they were sampled. */
  readonly oldLogProbs: readonly (readonly number[])[];
  /** One a branch. */
  readonly advantages: readonly number[];
  /** Whether each branch takes part in the update. */
  readonly kept: readonly boolean[];
}

/** What one update learns from. */
export interface UpdateBatch {
  readonly documents: readonly Int32Array[];
  readonly positions: readonly ScoredPosition[];
}

/** A part of a batch that fits in memory, and its share of the whole's means. */
export interface UpdatePart extends UpdateBatch {
  /** Weight of the part's policy loss. */
  readonly policyShare: number;
  /** Weight of the part's next-token loss. */
  readonly nextTokenShare: number;
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0);
const branchTokens = (position: TreePosition): number => total(position.branches.map(({ length }) => length));

/** Branches that take part, and of those only the ones that can have a gradient. */
function chosenBranches(position: ScoredPosition, skipZeroAdvantages: boolean): ScoredPosition {
  const chosen = position.branches.flatMap((_, i) =>
    position.kept[i] && !(skipZeroAdvantages && position.advantages[i] === 0) ? [i] : [],
  );
  const pick = <T>(values: readonly T[]): T[] => chosen.map((i) => values[i]);
  return {
    ...position,
    branches: pick(position.branches),
    oldLogProbs: pick(position.oldLogProbs),
    advantages: pick(position.advantages),
    kept: chosen.map(() => true),
  };
}

/** Document tokens that the next-token loss learns: all but the first and those in C. */
function learnedTokens(batch: UpdateBatch): number {
  const predicted = total(batch.documents.map(({ length }) => Math.max(0, length - 1)));
  const chosen = new Set(
    batch.positions
      .filter(({ position, document }) => position >= 1 && position < batch.documents[document].length)
      .map(({ document, position }) => `${document}:${position}`),
  );
  return predicted - chosen.size;
}

/** How much of a policy loss's mean some positions are. */
function weigh(positions: readonly ScoredPosition[], reduction: PolicyLoss['reduction']): number {
  const kept = positions.map((position) => chosenBranches(position, false));
  return total(
    kept.map((position) => (reduction === 'tokens' ? branchTokens(position) : position.branches.length)),
  );
}

/**
 * Cuts a batch into parts of whole documents with at most `maxTokens` tokens each (a larger document stands alone).
 * The parts' losses, weighted by their shares, add up to the whole's, for means over branches or over tokens; a loss
 * that names neither is never cut. Branches without an advantage are left out where they have no gradient.
 */
export function updateParts(batch: UpdateBatch, policyLoss: PolicyLoss, maxTokens: number): UpdatePart[] {
  const { reduction, zeroAdvantageIsFree = false } = policyLoss;
  const skip = zeroAdvantageIsFree && reduction !== undefined;
  const all = weigh(batch.positions, reduction);
  const allLearned = learnedTokens(batch);
  const parts: number[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  batch.documents.forEach((document, index) => {
    const own = batch.positions.filter((position) => position.document === index);
    const size =
      document.length + total(own.map((position) => position.instruction.length + branchTokens(position)));
    if (parts.length === 0 || (reduction !== undefined && tokens + size > maxTokens)) {
      parts.push([]);
      tokens = 0;
    }
    parts[parts.length - 1].push(index);
    tokens += size;
  });
  return parts.map((documents) => {
    const own = batch.positions
      .filter((position) => documents.includes(position.document))
      .map((position) => ({ ...position, document: documents.indexOf(position.document) }));
    const part = { documents: documents.map((index) => batch.documents[index]), positions: own };
    const learned = learnedTokens(part);
    const positions = own.map((position) => chosenBranches(position, skip));
    return {
      documents: part.documents,
      positions,
      policyShare: all === 0 ? 0 : weigh(positions, reduction) / all,
      nextTokenShare: allLearned === 0 ? 0 : learned / allLearned,
    };
  });
}
