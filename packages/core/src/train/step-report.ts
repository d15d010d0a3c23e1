import type { Branch } from '../tree/rollout-contract.js';
import type { TrainingState } from './training-state.js';

/** A step's figures: one line of `metrics.jsonl`. */
export interface StepMetrics {
  /** The step done, from 0. */
  readonly step: number;
  /** L = L_RL + λ·L_NTP. */
  readonly loss: number;
  /** L_RL. */
  readonly policyLoss: number;
  /** L_NTP in nats a token. */
  readonly nextTokenLoss: number;
  /** Means over the step's branches. */
  readonly matchReward: number;
  readonly lengthReward: number;
  readonly reward: number;
  /** Mean over groups of their rewards' standard deviation. */
  readonly rewardStd: number;
  /** Share of groups whose rewards are all equal. */
  readonly equalGroups: number;
  /** Share of branches that closed their thought and predicted. */
  readonly wellFormed: number;
  /** Mean tokens of a thought. */
  readonly meanLength: number;
  /** Mean budget of the step's positions, in tokens. */
  readonly budget: number;
  /** Mean entropy of the policy over the tokens of branches that had a gradient, in nats; 0 when none had. */
  readonly entropy: number;
  /** Mean k3 divergence from the reference over the same tokens, in nats; 0 without one. */
  readonly kl: number;
  readonly tierShares: readonly number[];
  readonly tierNames: readonly string[];
  /** Mean difficulty of each tier's drawn positions, in nats by the entropy signal; null where none was drawn. */
  readonly tierDifficulties: readonly (number | null)[];
  /** Mean difficulty of the candidates of the step's documents. */
  readonly difficulty: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Tokens computed: read, sampled and updated. */
  readonly tokens: number;
  /** Of these: tokens of the documents, which are read once and predicted nearly all. */
  readonly readTokens: number;
  /** Of these: tokens that the branches wrote. */
  readonly sampledTokens: number;
  /** Document tokens that the next-token loss counted: all that are predicted, but those in C. */
  readonly nextTokens: number;
  /** Wall-clock seconds of the step. */
  readonly seconds: number;
}

/** A position of a step with what its branches wrote, for people to read. */
export interface PositionSample {
  readonly documentId: string;
  readonly position: number;
  readonly tier: string;
  readonly budget: number;
  readonly branches: readonly Branch[];
  readonly rewards: readonly number[];
  readonly advantages: readonly number[];
}

/** What `midTrain` yields after every step. */
export interface StepReport {
  readonly metrics: StepMetrics;
  readonly samples: readonly PositionSample[];
  /** Copies all that a resumed run needs. Call it before asking for the next step. */
  state(): Promise<TrainingState>;
}
