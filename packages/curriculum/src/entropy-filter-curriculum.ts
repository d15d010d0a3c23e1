import type { Curriculum } from './curriculum.js';
import { requireNumber } from './require-number.js';
import { thresholdTiers } from './threshold-tiers.js';
import { type UniformCurriculumOptions, uniformCurriculum } from './uniform-curriculum.js';

export interface EntropyFilterCurriculumOptions extends Omit<UniformCurriculumOptions, 'tiers'> {
  /** Candidates of a difficulty above this are kept; nats. Default 0.5, where RPT's easy tier begins (the choice is ours). */
  readonly minEntropy?: number;
}

/**
 * RPT's way (arXiv 2506.08007): leave out the positions that are easy to predict, draw uniformly from the rest, the same
 * at every step. Reports one tier, 'kept'.
 *
 * @throws CurriculumError `invalid_option` here; from `draw`, as `uniformCurriculum`.
 */
export const entropyFilterCurriculum = ({
  minEntropy = 0.5,
  ...options
}: EntropyFilterCurriculumOptions = {}): Curriculum => {
  requireNumber('invalid_option', 'minEntropy', minEntropy);
  return uniformCurriculum({
    ...options,
    tiers: thresholdTiers({ thresholds: [minEntropy], names: ['kept'] }),
  });
};
