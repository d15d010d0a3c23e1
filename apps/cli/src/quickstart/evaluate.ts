import { join } from 'node:path';
import { budgetInstruction } from '@midtrain/budget';
import {
  chooseEvaluationPositions,
  disposePolicy,
  type EvaluationPosition,
  type Policy,
  type PositionOutcome,
  readTrunk,
  type Tokenizer,
  type TrainingDocument,
  thoughtFormat,
} from '@midtrain/core';
import { type RangedTiers, thresholdTiers } from '@midtrain/curriculum';
import { askPositions, evaluationResult, thoughtOutcome } from '../evaluate/ask-positions.js';
import { openModel } from '../model/open-model.js';
import type { Evaluation, EvaluationResult, HeatToken } from '../report/evaluation-data.js';
import { tierBounds } from '../report/tier-bounds.js';
import { tokeniseProblem } from './cold-start.js';
import { ASSETS, type Stages } from './stages.js';
import { readWorkedProblems } from './worked-problems.js';

/** Positions of each tier. */
const PER_TIER = { full: 700, quick: 40 };
const QUICK_DOCUMENTS = 40;
/** Pairs of thoughts that the page shows, and tokens of text before them. */
const THOUGHTS = 8;
const PREFIX_TOKENS = 48;

/** What the quickstart found, by method. */
export interface QuickstartResults {
  readonly base: { readonly withoutReasoning: EvaluationResult; readonly withReasoning: EvaluationResult };
  readonly continued: { readonly withoutReasoning: EvaluationResult };
  readonly rmt: { readonly withoutReasoning: EvaluationResult; readonly withReasoning: EvaluationResult };
}

export interface QuickstartEvaluation {
  readonly results: QuickstartResults;
  /** For the page. */
  readonly evaluation: Evaluation;
}

/** The positions that all methods are asked about, in tiers that the base fixes. */
interface Questions {
  readonly documents: readonly TrainingDocument[];
  readonly positions: readonly EvaluationPosition[];
  readonly tiers: RangedTiers;
}

async function entropiesOf(policy: Policy, document: TrainingDocument): Promise<Float32Array> {
  const trunk = await readTrunk(policy, [document.tokenIds]);
  trunk.dispose();
  return trunk.readings[0].entropies;
}

function heatTokens(
  { tokenIds }: TrainingDocument,
  tokenizer: Tokenizer,
  tiers: RangedTiers,
  before: Float32Array,
  after: Float32Array,
): HeatToken[] {
  const tierOf = tiers.assign(Array.from(before, (nats) => (Number.isNaN(nats) ? 0 : nats)));
  const shown = (nats: number) => (Number.isNaN(nats) ? null : nats);
  return Array.from(tokenIds, (id, i) => ({
    text: tokenizer.decode([id]),
    before: shown(before[i]),
    after: shown(after[i]),
    tier: tiers.names[tierOf[i]] ?? null,
  }));
}

/** Thoughts before and after at some positions of all tiers. */
function thoughtPairs(
  { documents, tiers }: Questions,
  tokenizer: Tokenizer,
  before: readonly PositionOutcome[],
  after: readonly PositionOutcome[],
): Evaluation['thoughts'] {
  const every = Math.max(1, Math.floor(before.length / THOUGHTS));
  return before.flatMap((outcome, i) => {
    if (i % every !== 0 || i / every >= THOUGHTS) return [];
    const { document, position, tier } = outcome;
    const { id, tokenIds } = documents[document];
    return {
      documentId: id,
      position,
      tier: tiers.names[tier],
      prefix: tokenizer.decode(tokenIds.slice(Math.max(0, position - PREFIX_TOKENS), position)),
      target: tokenizer.decode(tokenIds.slice(position, position + 1)),
      before: thoughtOutcome(outcome, tokenizer),
      after: thoughtOutcome(after[i], tokenizer),
    };
  });
}

/** Asks base, baseline and result about the same held-out tokens, without and with reasoning. */
export async function evaluateQuickstart(
  { base, rmt, continued }: Stages,
  budgets: { readonly first: number; readonly last: number },
  quick: boolean,
): Promise<QuickstartEvaluation> {
  const tiers = thresholdTiers();
  const { policy: basePolicy, tokenizer } = await openModel(join(base.folder, 'model'));
  const problems = await readWorkedProblems(ASSETS, 'test');
  const documents = (quick ? problems.slice(0, QUICK_DOCUMENTS) : problems).map((problem) =>
    tokeniseProblem(problem, tokenizer, rmt.config.corpus.maxTokens ?? basePolicy.config.maxPositions),
  );
  const positions = await chooseEvaluationPositions({
    policy: basePolicy,
    documents,
    tiers: tiers.ranges,
    perTier: quick ? PER_TIER.quick : PER_TIER.full,
    seed: rmt.config.seed,
  });
  const questions = { documents, positions, tiers };
  const instruction = budgetInstruction({ template: rmt.config.instruction.template });
  const format = thoughtFormat({ tokenizer, instruction });
  // Both may think as long as mid-training ever allowed; only what the instruction asks for differs.
  const maxThoughtTokens = Math.floor(rmt.config.rollout.thoughtLimit * budgets.first);
  const shown = documents[0];

  const withoutBase = await askPositions('base', { policy: basePolicy, documents, positions });
  const withBase = await askPositions('base, thinking', {
    policy: basePolicy,
    documents,
    positions,
    reasoning: { format, budget: budgets.first, maxThoughtTokens },
  });
  const before = await entropiesOf(basePolicy, shown);
  disposePolicy(basePolicy);

  const { policy: continuedPolicy } = await openModel(join(continued.folder, 'model'));
  const withoutContinued = await askPositions('baseline', { policy: continuedPolicy, documents, positions });
  disposePolicy(continuedPolicy);

  const { policy } = await openModel(join(rmt.folder, 'model'));
  const withoutRmt = await askPositions('RMT', { policy, documents, positions });
  const withRmt = await askPositions('RMT, thinking', {
    policy,
    documents,
    positions,
    reasoning: { format, budget: budgets.last, maxThoughtTokens },
  });
  const after = await entropiesOf(policy, shown);
  disposePolicy(policy);

  const results = {
    base: { withoutReasoning: evaluationResult(withoutBase), withReasoning: evaluationResult(withBase) },
    continued: { withoutReasoning: evaluationResult(withoutContinued) },
    rmt: { withoutReasoning: evaluationResult(withoutRmt), withReasoning: evaluationResult(withRmt) },
  };
  return {
    results,
    evaluation: {
      tiers: tiers.ranges.map((range, tier) => ({
        ...tierBounds(range),
        count: positions.filter((at) => at.tier === tier).length,
      })),
      heatMap: { documentId: shown.id, tokens: heatTokens(shown, tokenizer, tiers, before, after) },
      thoughts: thoughtPairs(questions, tokenizer, withBase, withRmt),
      notes: [
        `Held-out tokens of GSM8K’s test answers. With reasoning, the base was asked for ${budgets.first} tokens and the mid-trained model for ${budgets.last}; both were cut off at ${maxThoughtTokens}.`,
        'continued: the same base after as many plain next-token updates on the same documents as mid-training made.',
      ],
    },
  };
}
