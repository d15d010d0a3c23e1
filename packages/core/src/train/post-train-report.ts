import type { CompletionScore } from '@midtrain/losses';
import type { Completion } from '../tree/completion-contract.js';
import type { TrainingState } from './training-state.js';

/** A step's figures: one line of `metrics.jsonl`. By TRL's names where it has one. */
export interface PostTrainMetrics {
  /** The step done, from 0. */
  readonly step: number;
  /** The policy loss. */
  readonly loss: number;
  /** Means over the step's completions. */
  readonly reward: number;
  readonly accuracy: number;
  readonly formatReward: number;
  /** Mean over the questions of their rewards' standard deviation. */
  readonly rewardStd: number;
  /** Share of questions whose rewards are all equal. */
  readonly fracRewardZeroStd: number;
  /** Mean tokens of a completion. */
  readonly meanLength: number;
  /** Share of completions that were cut off at the limit. */
  readonly clippedRatio: number;
  /** Mean entropy of the policy over the tokens that were learnt from, in nats; 0 when none were. */
  readonly entropy: number;
  /** Mean k3 divergence from the reference over the same tokens, in nats; 0 without one. */
  readonly kl: number;
  /** Before clipping; 0 when no completion had an advantage, and nothing was learnt. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Tokens computed: read, sampled and updated. */
  readonly tokens: number;
  /** Wall-clock seconds of the step. */
  readonly seconds: number;
}

/** A question of a step with its completions, for people to read. */
export interface QuestionSample {
  readonly questionId: string;
  readonly gold: string;
  readonly completions: readonly Completion[];
  readonly scores: readonly CompletionScore[];
  readonly advantages: readonly number[];
}

/** What `postTrain` yields after every step. */
export interface PostTrainReport {
  readonly metrics: PostTrainMetrics;
  readonly samples: readonly QuestionSample[];
  /** Copies all that a resumed run needs. Call it before asking for the next step. */
  state(): Promise<TrainingState>;
}
