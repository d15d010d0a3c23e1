import type { Accuracy } from '@midtrain/core';
import type { TierBounds } from './tier-bounds.js';

/** Accuracy by tier and over all, with the mean tokens of reasoning: `R` of summary.json. */
export interface EvaluationResult {
  readonly easy: Accuracy;
  readonly medium: Accuracy;
  readonly hard: Accuracy;
  readonly average: Accuracy;
  readonly meanLength: number;
  /** Share of thoughts that were closed and followed by a prediction; 1 without reasoning. */
  readonly wellFormed?: number;
}

/** A method and how well it did. */
export interface MethodResult {
  readonly name: string;
  readonly label: string;
  readonly result: EvaluationResult;
}

/** A token of a document, with the policy's entropy there before and after, in nats. */
export interface HeatToken {
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly tier: string | null;
}

/** What one policy thought and predicted at a position. */
export interface ThoughtOutcome {
  readonly thought: string;
  readonly prediction: string;
  /** Tokens of the thought. */
  readonly length: number;
  readonly correct: boolean;
}

/** The same position, thought about before and after. */
export interface ThoughtPair {
  readonly documentId: string;
  readonly position: number;
  readonly tier: string;
  readonly prefix: string;
  readonly target: string;
  readonly before: ThoughtOutcome;
  readonly after: ThoughtOutcome;
}

/** `evaluation.json`: what an evaluation left for the report. All parts are optional. */
export interface Evaluation {
  readonly tiers?: readonly (TierBounds & { readonly count: number })[];
  readonly methods?: readonly MethodResult[];
  readonly heatMap?: { readonly documentId: string; readonly tokens: readonly HeatToken[] };
  readonly thoughts?: readonly ThoughtPair[];
  readonly notes?: readonly string[];
}
