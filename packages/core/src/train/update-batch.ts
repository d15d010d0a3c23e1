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

/** Branches that one pass computes, and their share of the whole batch's mean. */
export interface BranchPart {
  /** By index into the documents of the part that they belong to. */
  readonly positions: readonly ScoredPosition[];
  /** Weight of their policy loss. */
  readonly policyShare: number;
}

/** A part of a batch that fits in memory, and its share of the whole's means. */
export interface UpdatePart extends UpdateBatch, BranchPart {
  /** Weight of the part's next-token loss. */
  readonly nextTokenShare: number;
  /** The part's branches, cut to be computed pass by pass after its documents; empty where all go in one pass. */
  readonly branchParts: readonly BranchPart[];
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0);
const branchTokens = (position: TreePosition): number => total(position.branches.map(({ length }) => length));

/** Rows that a branch takes: its last token is only predicted. */
const branchRows = (branch: readonly number[]): number => Math.max(0, branch.length - 1);

/** Rows that a position's instruction and branches take. */
const positionRows = ({ instruction, branches }: TreePosition): number =>
  branches.length === 0 ? 0 : instruction.length + total(branches.map(branchRows));

/** A position with some of its branches, by index. */
function withBranches(position: ScoredPosition, indices: readonly number[]): ScoredPosition {
  const pick = <T>(values: readonly T[]): T[] => indices.map((i) => values[i]);
  return {
    ...position,
    branches: pick(position.branches),
    oldLogProbs: pick(position.oldLogProbs),
    advantages: pick(position.advantages),
    kept: pick(position.kept),
  };
}

/** Branches that take part, and of those only the ones that can have a gradient. */
function chosenBranches(position: ScoredPosition, skipZeroAdvantages: boolean): ScoredPosition {
  const chosen = position.branches.flatMap((_, i) =>
    position.kept[i] && !(skipZeroAdvantages && position.advantages[i] === 0) ? [i] : [],
  );
  return withBranches(position, chosen);
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
 * Cuts positions' branches into runs of at most `maxRows` rows, as equal as they come; a longer branch stands alone. A
 * position whose branches fall into several has its instruction in each.
 */
function cutBranches(positions: readonly ScoredPosition[], maxRows: number): ScoredPosition[][] {
  const rows = total(positions.map(positionRows));
  const enough = rows / Math.ceil(rows / maxRows);
  const runs: ScoredPosition[][] = [];
  let filled = Number.POSITIVE_INFINITY;
  for (const position of positions) {
    let own: number[] = [];
    const give = () => {
      if (own.length > 0) runs[runs.length - 1].push(withBranches(position, own));
      own = [];
    };
    position.branches.forEach((branch, i) => {
      const more = () => branchRows(branch) + (own.length === 0 ? position.instruction.length : 0);
      if (filled >= enough || filled + more() > maxRows) {
        give();
        runs.push([]);
        filled = 0;
      }
      filled += more();
      own.push(i);
    });
    give();
  }
  return runs;
}

/**
 * Cuts a batch into parts of whole documents with at most `maxTokens` packed tokens each. A document that has more with
 * its branches stands alone, and its branches are cut in turn. The parts' losses, weighted by their shares, add up to the
 * whole's, for means over branches or over tokens; a loss that names neither is never cut. Branches without an advantage
 * are left out where they have no gradient.
 */
export function updateParts(batch: UpdateBatch, policyLoss: PolicyLoss, maxTokens: number): UpdatePart[] {
  const { reduction, zeroAdvantageIsFree = false } = policyLoss;
  const all = weigh(batch.positions, reduction);
  const allLearned = learnedTokens(batch);
  const shareOf = (positions: readonly ScoredPosition[]) =>
    all === 0 ? 0 : weigh(positions, reduction) / all;
  const chosen = batch.positions.map((position) =>
    chosenBranches(position, zeroAdvantageIsFree && reduction !== undefined),
  );
  const sizeOf = (index: number): number => {
    const own = chosen.filter(({ document }) => document === index);
    return batch.documents[index].length + total(own.map(positionRows));
  };
  const parts: { documents: number[]; tokens: number }[] = [];
  batch.documents.forEach((_, index) => {
    const size = sizeOf(index);
    const last = parts.at(-1);
    if (last && (reduction === undefined || last.tokens + size <= maxTokens)) {
      last.documents.push(index);
      last.tokens += size;
    } else {
      parts.push({ documents: [index], tokens: size });
    }
  });
  return parts.map(({ documents, tokens }) => {
    const positions = chosen
      .filter(({ document }) => documents.includes(document))
      .map((position) => ({ ...position, document: documents.indexOf(position.document) }));
    const part = { documents: documents.map((index) => batch.documents[index]), positions };
    const cut = reduction !== undefined && tokens > maxTokens ? cutBranches(positions, maxTokens) : [];
    return {
      ...part,
      policyShare: shareOf(positions),
      nextTokenShare: allLearned === 0 ? 0 : learnedTokens(part) / allLearned,
      branchParts: cut.map((run) => ({ positions: run, policyShare: shareOf(run) })),
    };
  });
}
