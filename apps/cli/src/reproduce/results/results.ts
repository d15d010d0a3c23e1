import type { TierBounds } from '../../report/tier-bounds.js';
import type { RunRecord } from '../../run/run-record.js';
import type { Part } from '../plan.js';
import type { RmtDefaults } from '../rmt-defaults.js';
import type { ThoughtSample } from '../run/evaluate-run.js';
import type { Estimate } from '../statistics/hierarchical-bootstrap.js';
import type { StudyName } from '../study.js';

/** Accuracy, 0..1, or a difference of two, by the base's tiers; null where a tier has no positions. */
export interface TierEstimates {
  readonly easy: Estimate | null;
  readonly medium: Estimate | null;
  readonly hard: Estimate | null;
  /** Mean of the three tiers, as in the paper's table. */
  readonly average: Estimate | null;
  /** Mean over all held-out tokens, of which most are easy. */
  readonly tokens: Estimate | null;
}

/** A run that numbers come from. */
export interface RunEntry {
  /** Its id in the plan, and the folder below the output folder where it lies. */
  readonly id: string;
  readonly folder: string;
  readonly part: Part;
  readonly method: string;
  readonly seed: number;
  readonly steps: number;
  readonly learningRate: number | null;
  /** What it sets otherwise than the study's configuration. */
  readonly overrides: readonly string[];
  readonly tokens: number;
  /** Null of post-training, whose metrics do not tell sampled tokens apart. */
  readonly flops: number | null;
  readonly seconds: number;
}

/** One method over all its seeds. */
export interface MethodEntry {
  readonly id: string;
  readonly label: string;
  readonly kind: 'none' | 'next-token' | 'train';
  /** Folders of its runs, a seed each: where all of these numbers come from. */
  readonly folders: readonly string[];
  readonly learningRate: number | null;
  readonly steps: number;
  readonly withoutReasoning: TierEstimates;
  readonly withReasoning: TierEstimates;
  /** Tokens of a thought. */
  readonly meanLength: Estimate | null;
  /** Share of thoughts that were closed and followed by a prediction. */
  readonly wellFormed: Estimate | null;
  /** Mean tokens that it was asked for. */
  readonly budget: number;
  /** Of one run, on average. */
  readonly tokens: number;
  readonly flops: number;
  readonly seconds: number;
  /** Of the tokens that are learnt from, those sampled by branches; the others are the documents'. Null without RL. */
  readonly sampledShare: number | null;
}

/** A method, asked with or without reasoning. */
export interface Side {
  readonly method: string;
  readonly thinking: boolean;
}

/** A paired difference, the first less the second, on the same positions of the same seeds. */
export interface Difference {
  readonly first: Side;
  readonly second: Side;
  readonly label: string;
  readonly folders: readonly string[];
  readonly accuracy: TierEstimates;
  /** Of the thoughts' tokens, where both think. */
  readonly length: Estimate | null;
}

/** A method's search for its learning rate. */
export interface RateSearch {
  readonly method: string;
  readonly label: string;
  readonly chosen: number;
  /** How far its score is above the next best's, 0..1, and the positions that each score is over. */
  readonly ahead: number | null;
  readonly positions: number;
  /** Each over the bases of the search, a folder for each. */
  readonly tried: readonly {
    readonly peak: number;
    readonly folders: readonly string[];
    readonly withoutReasoning: number;
    readonly withReasoning: number;
    readonly meanLength: number;
  }[];
}

/** One value set otherwise, against RMT as it is on the same seeds. */
export interface SensitivityEntry {
  readonly id: string;
  readonly parameter: string;
  readonly usual: string;
  readonly value: string;
  readonly folders: readonly string[];
  readonly withReasoning: TierEstimates;
  readonly withoutReasoning: TierEstimates;
  readonly meanLength: Estimate | null;
  readonly sampledShare: number | null;
  /** Less RMT as it is. */
  readonly difference: Difference;
}

/** A method's result, post-trained; shares of questions answered right, 0..1. */
export interface PostTrainingEntry {
  readonly method: string;
  readonly label: string;
  readonly folders: readonly string[];
  readonly questions: number;
  readonly before: Estimate;
  readonly after: Estimate;
  /** After less before, question by question. */
  readonly gain: Estimate;
  /** Its accuracy after, less that of the base's after, question by question; null for the base. */
  readonly overBase: Estimate | null;
  /** Tokens of an answer. */
  readonly lengthBefore: number;
  readonly lengthAfter: number;
}

/** Where the corpus has an answer key: tokens by the lookups that they take. */
export interface TruthEntry {
  readonly hops: number;
  /** Positions asked about. */
  readonly positions: number;
  /** Share of all held-out tokens, and how much of it lies in the easy, medium and hard tier. */
  readonly share: number;
  readonly tiers: readonly [number, number, number];
  /** The base's, nats, over all such tokens. */
  readonly meanEntropy: number;
  /** By method: without, then with reasoning. */
  readonly accuracy: readonly {
    readonly method: string;
    readonly label: string;
    readonly folders: readonly string[];
    readonly withoutReasoning: Estimate;
    readonly withReasoning: Estimate;
    readonly meanLength: Estimate;
  }[];
}

/** A figure over the steps: the mean of a method's seeds. */
export interface CurveEntry {
  readonly method: string;
  readonly label: string;
  readonly folders: readonly string[];
  readonly points: readonly {
    readonly step: number;
    readonly matchReward: number;
    readonly meanLength: number;
    readonly budget: number;
    /** Null where λ is 0. */
    readonly nextTokenLoss: number | null;
    readonly hardShare: number;
  }[];
}

/** The same position, thought about by several methods. */
export interface ThoughtEntry {
  readonly documentId: string;
  readonly position: number;
  readonly tier: string;
  readonly prefix: string;
  readonly target: string;
  readonly thoughts: readonly (Omit<ThoughtSample, 'index' | 'prefix' | 'target'> & {
    readonly method: string;
    readonly label: string;
    readonly folder: string;
  })[];
}

/** What a claim of the paper looks like in these numbers. */
export interface Verdict {
  readonly claim: string;
  /** `holds` and `contradicted` where the interval says so; `partly` where less than claimed does; else `not shown`. */
  readonly verdict: 'holds' | 'partly' | 'not shown' | 'contradicted';
  readonly evidence: string;
  /** Where it does not hold: the likeliest reason, and what would decide. */
  readonly hypothesis?: string;
  readonly experiment?: string;
  readonly folders: readonly string[];
}

/** Everything that the page shows: `results.json`. */
export interface Results {
  readonly study: {
    readonly name: StudyName;
    readonly title: string;
    readonly description: string;
    readonly tiers: readonly TierBounds[];
    readonly freshDocuments: boolean;
  };
  readonly quick: boolean;
  readonly seeds: readonly number[];
  /** Positions asked about, of all seeds, and the tokens at which thoughts were cut off. */
  readonly positions: number;
  readonly maxThoughtTokens: number;
  /** Budgets at which they are cut off in training. */
  readonly thoughtLimit: number;
  readonly parameters: number;
  /** RMT's values, which methods and settings vary. */
  readonly defaults: RmtDefaults;
  readonly record: RunRecord | null;
  /** Wall-clock seconds of all steps and evaluations. */
  readonly seconds: number;
  readonly verdicts: readonly Verdict[];
  readonly methods: readonly MethodEntry[];
  readonly differences: readonly Difference[];
  readonly truth: readonly TruthEntry[];
  readonly postTraining: readonly PostTrainingEntry[];
  readonly curves: readonly CurveEntry[];
  readonly sensitivity: readonly SensitivityEntry[];
  readonly learningRates: readonly RateSearch[];
  readonly thoughts: readonly ThoughtEntry[];
  readonly runs: readonly RunEntry[];
}
