import type { Policy } from '../policy/policy.js';
import type { Gradients } from './gradients.js';
import { partPass } from './part-pass.js';
import type { PassPredictions } from './pass-predictions.js';
import { type PolicyTermOptions, policyTerm } from './policy-term.js';
import { DEFAULT_TOKENS_PER_PASS } from './tokens-per-pass.js';
import {
  type BranchPart,
  type ScoredPosition,
  type UpdateBatch,
  type UpdatePart,
  updateParts,
} from './update-batch.js';
import { sumPasses } from './update-passes.js';

/** How L_RL alone is computed. */
export interface PolicyUpdateOptions extends PolicyTermOptions {
  /** Most packed tokens of one forward and backward pass; a document is not cut, but its branches are. Default 3,072. */
  readonly maxTokensPerPass?: number;
}

/** The loss and the policy loss's own figures. */
export interface PolicyUpdateReport {
  readonly loss: number;
  /** Means over the tokens of the branches that were computed, by TRL's names: `kl`, `entropy`, `clip_ratio/region_mean`, … */
  readonly metrics: Readonly<Record<string, number>>;
  /** Share of the loss's mean that was computed; what has no gradient is left out. 0: nothing had one. */
  readonly share: number;
  /** Packed tokens that went forward and backward. */
  readonly tokens: number;
}

/** The part without the documents that no branch is left of. */
function withoutIdleDocuments(part: UpdatePart): UpdatePart {
  const positions = part.positions.filter(({ branches }) => branches.length > 0);
  const used = [...new Set(positions.map(({ document }) => document))];
  const renumbered = (some: readonly ScoredPosition[]): ScoredPosition[] =>
    some.map((position) => ({ ...position, document: used.indexOf(position.document) }));
  return {
    ...part,
    documents: used.map((document) => part.documents[document]),
    positions: renumbered(positions),
    branchParts: part.branchParts.map((run) => ({ ...run, positions: renumbered(run.positions) })),
  };
}

/**
 * Gradients of L_RL over a whole batch whose documents are only read: one packed forward and backward over trunks and
 * branches, or several where `maxTokensPerPass` asks for it. Without any branch that has a gradient there are no
 * gradients, and nothing is computed.
 */
export async function policyUpdate(
  policy: Policy,
  batch: UpdateBatch,
  options: PolicyUpdateOptions,
): Promise<{ readonly gradients: Gradients; readonly report: PolicyUpdateReport }> {
  const { maxTokensPerPass = DEFAULT_TOKENS_PER_PASS } = options;
  const parts = updateParts(batch, options.policyLoss, maxTokensPerPass)
    .filter(({ policyShare }) => policyShare > 0)
    .map(withoutIdleDocuments);
  const lossOf = ({ branches }: PassPredictions, part: BranchPart) => {
    const { loss, metrics } = policyTerm(branches, part, options);
    return { loss, figures: metrics };
  };
  const passes = parts.map((part) =>
    partPass(
      part,
      { trunk: false, branches: true },
      { whole: (predictions) => lossOf(predictions, part), branches: lossOf },
    ),
  );
  const { gradients, figures: metrics, ...sums } = await sumPasses(policy, passes, options);
  return {
    gradients,
    report: { ...sums, metrics, share: parts.reduce((sum, part) => sum + part.policyShare, 0) },
  };
}
