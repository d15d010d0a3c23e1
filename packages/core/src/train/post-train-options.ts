import type { AdamWOptions, ProductType, TraceSpan } from '@midtrain/kernels';
import type { AdvantageEstimator, CompletionReward, PolicyLoss } from '@midtrain/losses';
import type { Policy } from '../policy/policy.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { CompletionRollout } from '../tree/completion-contract.js';
import type { LearningRate } from './learning-rate.js';
import type { Question } from './question.js';
import type { TrainingState } from './training-state.js';

/** Post-training's components, each by its package's contract. */
export interface PostTrainComponents {
  readonly reward: CompletionReward;
  readonly advantages: AdvantageEstimator;
  readonly policyLoss: PolicyLoss;
}

/** What `postTrain` needs. */
export interface PostTrainOptions extends PostTrainComponents {
  /** Trained in place. */
  readonly policy: Policy;
  /** What a KL term holds the policy to. */
  readonly reference?: Policy;
  readonly tokenizer: Pick<Tokenizer, 'decode'>;
  readonly questions: readonly Question[];
  /** All steps of the run. */
  readonly totalSteps: number;
  /** At most as many as there are: a step asks none twice. */
  readonly questionsPerStep: number;
  /** G, completions a question. */
  readonly groupSize: number;
  /** Longest completion, in tokens. */
  readonly maxNewTokens: number;
  /** Decides all: questions and samples. */
  readonly seed: number;
  readonly learningRate: LearningRate;
  readonly adamW?: AdamWOptions;
  /** Gradients are scaled down to this global norm. Default 1. */
  readonly clipNorm?: number;
  /** Sampling temperature of the completions, above 0. Default 1. */
  readonly temperature?: number;
  /** Tokens that end a completion. Default the model's own. */
  readonly stopTokenIds?: readonly number[];
  /** Most packed tokens of one forward and backward pass. Default 3,072. */
  readonly maxTokensPerPass?: number;
  /** Computes each layer anew in the backward pass: less memory, more time, the same gradients. Default false. */
  readonly recompute?: boolean;
  /** In which type the layers' matrix products are computed in an update; weights and sums stay float32. Default float32. */
  readonly compute?: ProductType;
  /** Writes the completions; default the tree, which reads each question once. */
  readonly rollout?: (policy: Policy) => CompletionRollout;
  /** Told of each part of a step when it has ended. */
  readonly onPart?: (part: TraceSpan) => void;
  /** Goes on from where `PostTrainReport.state()` was taken. */
  readonly resume?: TrainingState;
  readonly signal?: AbortSignal;
}
