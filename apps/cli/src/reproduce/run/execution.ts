import type { Tokenizer } from '@midtrain/core';
import type { RangedTiers } from '@midtrain/curriculum';
import type { SelectedBackend } from '@midtrain/kernels';
import type { TrainConfig } from '../../config/train-config.js';
import type { DocumentLoader } from '../../corpus/load-documents.js';
import type { PlannedRun } from '../plan.js';
import type { HeldOutDocument, OpenStudy, Scale, Split } from '../study.js';
import type { ReproduceFolder } from './reproduce-folder.js';

/** What all runs of a plan share. */
export interface Execution {
  readonly study: OpenStudy;
  readonly scale: Scale;
  readonly folder: ReproduceFolder;
  readonly runs: readonly PlannedRun[];
  /** The study's RMT as configured, before any method changes it. */
  readonly rmt: TrainConfig;
  /** By which the base's entropies are put into tiers. */
  readonly tiers: RangedTiers;
  /** Where thoughts of all methods are cut off in evaluations, tokens. */
  readonly maxThoughtTokens: number;
  readonly documents: (split: Split, tokenizer: Tokenizer) => Promise<readonly HeldOutDocument[]>;
  /** Reads the runs' corpora, each once. */
  readonly load: DocumentLoader;
  readonly backend: SelectedBackend;
}
