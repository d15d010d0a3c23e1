import {
  type Accuracy,
  chooseEvaluationPositions,
  evaluatePositions,
  type Policy,
  type PositionOutcome,
  summariseOutcomes,
  type ThoughtFormat,
  type TrainingDocument,
} from '@midtrain/core';
import type { RangedTiers } from '@midtrain/curriculum';

/** Accuracy by tier, over all, and the mean tokens of reasoning. */
export interface ReasoningScore {
  readonly easy: Accuracy;
  readonly medium: Accuracy;
  readonly hard: Accuracy;
  readonly average: Accuracy;
  readonly meanLength: number;
  /** Share of thoughts that were closed and followed by a prediction. */
  readonly wellFormed: number;
}

export interface ScoreReasoningOptions {
  readonly policy: Policy;
  readonly documents: readonly TrainingDocument[];
  /** Three of them: easy, medium, hard. */
  readonly tiers: RangedTiers;
  readonly format: ThoughtFormat;
  /** Tokens of every thought. */
  readonly budget: number;
  readonly maxThoughtTokens: number;
  /** Most positions of each tier. */
  readonly perTier: number;
  readonly temperature: number;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Lets the policy think at positions of each tier, then predict. */
export async function scoreReasoning(options: ScoreReasoningOptions): Promise<ReasoningScore> {
  const { policy, documents, perTier, seed, onProgress } = options;
  const { format, budget, maxThoughtTokens, temperature } = options;
  const positions = await chooseEvaluationPositions({
    policy,
    documents,
    tiers: options.tiers.ranges,
    perTier,
    seed,
  });
  const reasoning = { format, budget, maxThoughtTokens, temperature, seed };
  const outcomes: PositionOutcome[] = [];
  for await (const pass of evaluatePositions({ policy, documents, positions, reasoning })) {
    outcomes.push(...pass);
    onProgress?.(outcomes.length, positions.length);
  }
  const { tiers, average, meanLength, wellFormed } = summariseOutcomes(outcomes, options.tiers.ranges.length);
  const [easy, medium, hard] = tiers;
  return { easy, medium, hard, average, meanLength, wellFormed };
}
