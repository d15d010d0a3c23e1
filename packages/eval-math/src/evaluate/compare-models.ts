import { EvalMathError } from '../errors.js';
import {
  type BootstrapOptions,
  checkBootstrapOptions,
  type Estimate,
  estimate,
  resampledMeans,
} from './bootstrap.js';
import type { ProblemResult } from './result.js';
import { shareCorrect } from './summarise.js';

/** Two models on the same problems. */
export interface ModelComparison {
  /** pass@1 of each, with its own interval. */
  readonly first: Estimate;
  readonly second: Estimate;
  /** pass@1 of the second less that of the first, with the interval of the paired difference. */
  readonly difference: Estimate;
  /** Two-sided bootstrap p-value of no difference: twice the smaller share of resamples on either side of 0, at most 1. */
  readonly pValue: number;
}

/**
 * Compares two models by paired bootstrap: problems are resampled, and both models keep theirs (Koehn 2004).
 * Throws `INVALID_OPTION` where the results are not of the same problems.
 */
export function compareModels(
  first: readonly ProblemResult[],
  second: readonly ProblemResult[],
  options: BootstrapOptions = {},
): ModelComparison {
  const checked = checkBootstrapOptions(options);
  const others = new Map(second.map((result) => [result.id, result]));
  if (first.length === 0 || first.length !== second.length || others.size !== second.length) {
    throw new EvalMathError(
      'INVALID_OPTION',
      `both models need results of the same problems, not ${first.length} and ${second.length}`,
    );
  }
  const pairs = first.map((result) => {
    const other = others.get(result.id);
    if (!other)
      throw new EvalMathError('INVALID_OPTION', `the second model has no result of problem ${result.id}`);
    return [shareCorrect(result), shareCorrect(other)] as const;
  });
  const gaps = pairs.map(([a, b]) => b - a);
  const means = resampledMeans(gaps, checked);
  const below = means.filter((mean) => mean <= 0).length / means.length;
  const above = means.filter((mean) => mean >= 0).length / means.length;
  return {
    first: estimate(
      pairs.map(([a]) => a),
      checked,
    ),
    second: estimate(
      pairs.map(([, b]) => b),
      checked,
    ),
    difference: estimate(gaps, checked),
    pValue: Math.min(1, 2 * Math.min(below, above)),
  };
}
