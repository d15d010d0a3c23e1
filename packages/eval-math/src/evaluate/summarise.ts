import { EvalMathError } from '../errors.js';
import type { GradeOptions } from '../grade/options.js';
import { type BootstrapOptions, type Estimate, estimate } from './bootstrap.js';
import { majorityAtK } from './majority.js';
import { passAtK } from './pass-at-k.js';
import type { ProblemResult } from './result.js';

/** What {@link summarise} works out; every field has a default. */
export interface SummariseOptions extends BootstrapOptions {
  /** The k of pass@k and maj@k, each at most the samples a problem. Default: 1 and the number of samples. */
  ks?: readonly number[];
  /** Options of the grades that group equal answers for maj@k. */
  gradeOptions?: GradeOptions;
}

/** pass@1, pass@k and maj@k with bootstrap intervals over the problems, as shares of 1. */
export interface Summary {
  readonly problems: number;
  /** Fewest samples a problem. */
  readonly samples: number;
  readonly passAt1: Estimate;
  /** By k. */
  readonly passAt: Readonly<Record<string, Estimate>>;
  /** By k. */
  readonly majAt: Readonly<Record<string, Estimate>>;
  /** pass@1 by subject, where the benchmark has subjects. */
  readonly bySubject: Readonly<Record<string, Estimate>>;
  /** pass@1 by level, where the benchmark has levels. */
  readonly byLevel: Readonly<Record<string, Estimate>>;
}

/** pass@1 of one problem: the share of its samples that are right. */
export const shareCorrect = (result: ProblemResult): number => result.correct / result.samples.length;

/** Sums up results. Throws `INVALID_OPTION` where there are none, or where a k exceeds the samples of a problem. */
export function summarise(results: readonly ProblemResult[], options: SummariseOptions = {}): Summary {
  if (results.length === 0)
    throw new EvalMathError('INVALID_OPTION', 'results must hold at least one problem');
  const samples = Math.min(...results.map((result) => result.samples.length));
  if (samples < 1) throw new EvalMathError('INVALID_OPTION', 'every problem needs at least one sample');
  const { ks = [...new Set([1, samples])], gradeOptions = {}, ...bootstrap } = options;
  for (const k of ks) {
    if (!Number.isInteger(k) || k < 1 || k > samples)
      throw new EvalMathError(
        'INVALID_OPTION',
        `each of ks must be a whole number from 1 to ${samples}, not ${String(k)}`,
      );
  }
  const over = (
    measure: (result: ProblemResult) => number,
    some: readonly ProblemResult[] = results,
  ): Estimate => estimate(some.map(measure), bootstrap);
  const byK = (measure: (result: ProblemResult, k: number) => number): Record<string, Estimate> =>
    Object.fromEntries(ks.map((k) => [`${k}`, over((result) => measure(result, k))]));
  const by = (field: 'subject' | 'level'): Record<string, Estimate> => {
    const groups = new Map<string, ProblemResult[]>();
    for (const result of results) {
      const name = result[field];
      if (name !== null) groups.set(name, [...(groups.get(name) ?? []), result]);
    }
    return Object.fromEntries(
      [...groups]
        .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
        .map(([name, group]) => [name, over(shareCorrect, group)]),
    );
  };
  return {
    problems: results.length,
    samples,
    passAt1: over(shareCorrect),
    passAt: byK((result, k) => passAtK(result.samples.length, result.correct, k)),
    majAt: byK((result, k) => majorityAtK(result.samples, k, gradeOptions)),
    bySubject: by('subject'),
    byLevel: by('level'),
  };
}
