import type { Tokenizer, TrainingDocument } from '@midtrain/core';
import type { TrainConfig } from '../config/train-config.js';
import type { DocumentSource } from '../run/pretrain-run.js';

/** The corpora that the comparison can be run on. */
export type StudyName = 'controlled' | 'gsm8k';

/** Held-out documents: rates are chosen on the first, methods compared on the second. */
export type Split = 'validation' | 'test';

/** A document that is asked about; where the corpus has an answer key, with the truth about each token. */
export interface HeldOutDocument extends TrainingDocument {
  /** For each token the lookups, one after the other, that it takes to know it; 0 where it takes none. */
  readonly hops?: readonly number[];
}

/** What is trained, by the kind of its run; each has a configuration that the command of that name takes as well. */
export type TrainedKind = 'base' | 'next-token' | 'train' | 'post-train';

/** A configuration file and what is set otherwise in it, as on the command line (`steps=10`). */
interface StudyConfig {
  readonly file: string;
  readonly overrides: readonly string[];
}

/** How much is run. */
export interface Scale {
  /** Seeds where the command line names no number. */
  readonly seeds: number;
  readonly overrides: Readonly<Record<TrainedKind, readonly string[]>>;
  /** Held-out documents that positions are taken from, at most, and positions of each tier. */
  readonly documents: number;
  readonly perTier: Readonly<Record<Split, number>>;
  /** Peak learning rates that each method's is chosen from. */
  readonly learningRates: readonly number[];
  /** Budgets that B_t does not fall below, beside the default, in tokens; above the schedule's last, or they change nothing. */
  readonly minimumBudgets: readonly number[];
  /** Values tried on either side of each default, and on how many seeds. */
  readonly sensitivity: { readonly bothSides: boolean; readonly seeds: number };
  /** Seconds that a run takes on a quiet core, with its evaluation: what the plan's estimate adds up. */
  readonly seconds: Readonly<Record<TrainedKind, number>>;
}

/** A corpus, a base, a default of RMT and questions, ready to be run. */
export interface OpenStudy {
  readonly configs: Readonly<Record<TrainedKind, StudyConfig>>;
  /** What the corpus and the cold start are made with. */
  readonly made: object;
  /** What the base is trained on: documents with examples of thoughts in the words of the mid-training to come. */
  coldStart(rmt: TrainConfig): DocumentSource;
  /** Held-out documents of a split, none of which any run trains on. */
  heldOut(split: Split, tokenizer: Tokenizer): Promise<readonly HeldOutDocument[]>;
}

/** One corpus of the comparison. */
export interface Study {
  readonly name: StudyName;
  readonly title: string;
  /** What the corpus is, for the page. */
  readonly description: string;
  /** Whether mid-training and next-token training read documents that the base has not read. */
  readonly freshDocuments: boolean;
  readonly scales: Readonly<Record<'full' | 'quick', Scale>>;
  /** Makes ready what the runs read, in a folder of its own; called anew it leaves the same. */
  open(folder: string): Promise<OpenStudy>;
}
