import type { TokenBudget } from '@midtrain/budget';
import type { Curriculum, DifficultySignal } from '@midtrain/curriculum';
import type { AdamWOptions, ProductType, TraceSpan } from '@midtrain/kernels';
import type { AdvantageEstimator, DualObjective, PolicyLoss, Reward } from '@midtrain/losses';
import type { Policy } from '../policy/policy.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { packTree } from '../tree/pack-tree.js';
import type { Rollout } from '../tree/rollout-contract.js';
import type { Trunk } from '../tree/trunk.js';
import type { TrainingDocument } from './document.js';
import type { LearningRate } from './learning-rate.js';
import type { ThoughtFormat } from './thought-format.js';
import type { TrainingState } from './training-state.js';

/** RMT's components, each by its package's contract. Nothing here names an implementation. */
export interface MidTrainComponents {
  readonly budget: TokenBudget;
  readonly curriculum: Curriculum;
  readonly difficulty: DifficultySignal;
  readonly reward: Reward;
  readonly advantages: AdvantageEstimator;
  readonly policyLoss: PolicyLoss;
  readonly objective: DualObjective;
}

/** What `midTrain` needs. */
export interface MidTrainOptions extends MidTrainComponents {
  /** Trained in place. */
  readonly policy: Policy;
  /** What a KL term holds the policy to. */
  readonly reference?: Policy;
  readonly tokenizer: Pick<Tokenizer, 'tokenBytes'>;
  readonly format: ThoughtFormat;
  readonly documents: readonly TrainingDocument[];
  /** T, all steps of the run. */
  readonly totalSteps: number;
  /** At most as many as there are: a step reads none twice. */
  readonly documentsPerStep: number;
  /** |C|, over all documents of the step. */
  readonly positionsPerStep: number;
  /** G, branches a position. */
  readonly groupSize: number;
  /** Decides all: documents, positions, samples. */
  readonly seed: number;
  readonly learningRate: LearningRate;
  readonly adamW?: AdamWOptions;
  /** Gradients are scaled down to this global norm. Default 1. */
  readonly clipNorm?: number;
  /** Sampling temperature of the rollout, above 0. Default 1. */
  readonly temperature?: number;
  /** Tokens predicted after a thought. Default 1. */
  readonly predictionTokens?: number;
  /** Where a thought is cut off, given its budget. Default 2·budget, where the paper's length reward ends. */
  readonly thoughtLimit?: (budget: number) => number;
  /** Most packed tokens of one forward and backward pass. Default 3,072. */
  readonly maxTokensPerPass?: number;
  /** Computes each layer anew in the backward pass: less memory, more time, the same gradients. Default false. */
  readonly recompute?: boolean;
  /** In which type the layers' matrix products are computed in an update; weights and sums stay float32. Default float32. */
  readonly compute?: ProductType;
  /** Writes the branches; default the tree over the trunk's cache. */
  readonly rollout?: (policy: Policy, trunk: Trunk) => Rollout;
  /** Lays out the update; default the tree. */
  readonly layout?: typeof packTree;
  /** Told of each part of a step when it has ended. */
  readonly onPart?: (part: TraceSpan) => void;
  /** Goes on from where `StepReport.state()` was taken. */
  readonly resume?: TrainingState;
  readonly signal?: AbortSignal;
}
