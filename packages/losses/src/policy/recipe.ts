import { requireNumber, requireOneOf } from '../require-number.js';
import {
  type Aggregation,
  meanOfBranchMeans,
  meanOfBranchSums,
  meanOverLongest,
  meanOverTokens,
} from './aggregation.js';
import { cispoObjective } from './cispo-objective.js';
import { clippedObjective } from './clipped-objective.js';
import type { ImportanceSamplingLevel } from './importance-ratio.js';
import { requireKnownOptions } from './known-options.js';
import type { Objective } from './objective.js';
import type { PolicyLossOptions } from './options.js';
import { sapoObjective } from './sapo-objective.js';
import { vespoObjective } from './vespo-objective.js';

/** What distinguishes one policy loss from another. */
export interface Recipe {
  readonly level: ImportanceSamplingLevel;
  readonly objective: Objective;
  readonly aggregation: Aggregation;
}

/**
 * The recipe of each type.
 *
 * @throws LossesError `invalid_option`
 */
export function recipeOf(options: PolicyLossOptions): Recipe {
  requireKnownOptions(options);
  const level = requireOneOf(
    'importanceSamplingLevel',
    ('importanceSamplingLevel' in options && options.importanceSamplingLevel) || 'token',
    ['token', 'sequence'],
  );
  switch (options.type) {
    case 'grpo':
      return { level, objective: clippedObjective(options), aggregation: meanOfBranchMeans };
    case 'bnpo':
    case 'dapo':
      return { level, objective: clippedObjective(options), aggregation: meanOverTokens };
    case 'dr_grpo': {
      const longest = requireNumber('maxCompletionLength', options.maxCompletionLength, { from: 1 });
      return { level, objective: clippedObjective(options), aggregation: meanOverLongest(longest) };
    }
    case 'cispo':
      return { level, objective: cispoObjective(options), aggregation: meanOverTokens };
    case 'sapo':
      return { level, objective: sapoObjective(options), aggregation: meanOfBranchMeans };
    case 'luspo':
      return { level: 'sequence', objective: clippedObjective(options), aggregation: meanOfBranchSums };
    case 'vespo':
      return { level: 'token', objective: vespoObjective(options), aggregation: meanOverTokens };
  }
}
