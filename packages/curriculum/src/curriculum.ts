import type { RandomSource } from './random-source.js';

/** A position of a document that may be chosen: the token there is to be predicted after a thought. */
export interface Candidate {
  /** Index of the document in the step's batch. */
  readonly document: number;
  /** Index of the token to predict within its document. */
  readonly position: number;
  /** How hard the token is; nats when it is an entropy or a loss. Finite. */
  readonly difficulty: number;
}

/** When and how much to draw. */
export interface DrawMoment {
  /** Step about to run, from 0. */
  readonly step: number;
  /** All steps of the run, T ≥ 1. */
  readonly totalSteps: number;
  /** How many positions to draw. */
  readonly count: number;
}

/** A candidate that was drawn, with the tier it was drawn from. */
export interface Drawn extends Candidate {
  /** Index into `tierNames`. */
  readonly tier: number;
}

/** What a curriculum drew: the set C of the paper. */
export interface Draw {
  readonly chosen: readonly Drawn[];
  /** Share of each tier among the chosen; sums to 1 (all 0 when nothing was chosen). */
  readonly tierShares: readonly number[];
  readonly tierNames: readonly string[];
}

/**
 * Chooses the positions of a step (PAPER: curriculum-based adaptive sampling). The contract that
 * `@midtrain/core` asks for. All randomness comes from `random`, so a checkpoint of it replays the draws.
 */
export interface Curriculum {
  draw(candidates: readonly Candidate[], moment: DrawMoment, random: RandomSource): Draw;
}
