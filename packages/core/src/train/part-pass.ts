import { packTree } from '../tree/pack-tree.js';
import type { PassPredictions, WantedPredictions } from './pass-predictions.js';
import type { BranchPart, UpdatePart } from './update-batch.js';
import type { PassLoss, UpdatePass } from './update-passes.js';

/** What an update learns from a part's predictions. */
export interface PartLosses {
  /** From its documents and the branches that go with them. */
  whole(predictions: PassPredictions): PassLoss;
  /** From branches that go by themselves. */
  branches(predictions: PassPredictions, part: BranchPart): PassLoss;
}

/** A part in one pass where all of it fits, or where somebody else lays it out; else its documents, then its branches. */
export function partPass(
  part: UpdatePart,
  wanted: WantedPredictions,
  losses: PartLosses,
  layout?: typeof packTree,
): UpdatePass {
  const { documents, positions, branchParts } = part;
  if (branchParts.length === 0 || layout) {
    return { tree: (layout ?? packTree)(documents, positions), wanted, loss: losses.whole };
  }
  return {
    tree: packTree(documents, []),
    wanted: { ...wanted, branches: false },
    loss: losses.whole,
    after: {
      documents,
      passes: branchParts.map((run) => ({
        positions: run.positions,
        loss: (predictions) => losses.branches(predictions, run),
      })),
    },
  };
}
