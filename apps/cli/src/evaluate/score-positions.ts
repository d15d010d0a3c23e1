import {
  chooseEvaluationPositions,
  evaluatePositions,
  type Policy,
  type PositionOutcome,
  type ReasoningOptions,
  summariseOutcomes,
  type TrainingDocument,
} from '@midtrain/core';
import type { RangedTiers } from '@midtrain/curriculum';
import type { EvaluationResult } from '../report/evaluation-data.js';

/** How the same held-out tokens are predicted … */
export interface PositionScores {
  /** … at once, and … */
  readonly withoutReasoning: EvaluationResult;
  /** … after a thought, where it may think. */
  readonly withReasoning?: EvaluationResult;
}

export interface ScorePositionsOptions {
  readonly policy: Policy;
  /** Whose entropies decide which positions are in which tier. Default the policy. */
  readonly tiersBy?: Policy;
  readonly documents: readonly TrainingDocument[];
  /** Three of them: easy, medium, hard. */
  readonly tiers: RangedTiers;
  /** Most positions of each tier. */
  readonly perTier: number;
  /** Decides positions, and draws where the temperature is above 0. */
  readonly seed: number;
  /** How it may think. */
  readonly reasoning?: Omit<ReasoningOptions, 'seed'>;
  readonly onProgress?: (done: number, total: number) => void;
}

function result(outcomes: readonly PositionOutcome[], count: number): EvaluationResult {
  const { tiers, average, meanLength, wellFormed } = summariseOutcomes(outcomes, count);
  const [easy, medium, hard] = tiers;
  return { easy, medium, hard, average, meanLength, wellFormed };
}

/** Lets the policy predict at positions of each tier, without and with thinking first. */
export async function scorePositions(options: ScorePositionsOptions): Promise<PositionScores> {
  const { policy, tiersBy = policy, documents, perTier, seed, reasoning, onProgress } = options;
  const tiers = options.tiers.ranges;
  const positions = await chooseEvaluationPositions({ policy: tiersBy, documents, tiers, perTier, seed });
  const methods = reasoning ? [undefined, { ...reasoning, seed }] : [undefined];
  const results: EvaluationResult[] = [];
  for (const thinking of methods) {
    const outcomes: PositionOutcome[] = [];
    for await (const pass of evaluatePositions({ policy, documents, positions, reasoning: thinking })) {
      outcomes.push(...pass);
      onProgress?.(results.length * positions.length + outcomes.length, methods.length * positions.length);
    }
    results.push(result(outcomes, tiers.length));
  }
  const [withoutReasoning, withReasoning] = results;
  return { withoutReasoning, withReasoning };
}
