import type { FinishedRun } from './finished-run.js';
import { contrast, correctness, thoughtLengths, tierEstimates, tiersMean } from './outcome-values.js';
import type { Difference, Side } from './results.js';

/** A method's runs, asked with or without reasoning. */
export interface SideRuns extends Side {
  readonly label: string;
  readonly runs: readonly FinishedRun[];
}

/** Seeds that both have, in the first's order. */
export function paired(
  first: readonly FinishedRun[],
  second: readonly FinishedRun[],
): (readonly [FinishedRun, FinishedRun])[] {
  return first.flatMap((run) => {
    const other = second.find(({ planned }) => planned.seed === run.planned.seed);
    return other ? [[run, other] as const] : [];
  });
}

const named = ({ label, thinking }: SideRuns): string => `${label}${thinking ? ', thinking' : ''}`;

/** The first less the second, position by position. */
export function differenceEntry(first: SideRuns, second: SideRuns): Difference {
  const pairs = paired(first.runs, second.runs);
  const label = `${named(first)} − ${named(second)}`;
  return {
    first: { method: first.method, thinking: first.thinking },
    second: { method: second.method, thinking: second.thinking },
    label,
    folders: pairs.flatMap(([one, other]) => [one.folder, other.folder]),
    accuracy: tierEstimates(
      pairs.map(([one, other]) =>
        contrast(correctness(one, first.thinking), correctness(other, second.thinking)),
      ),
      label,
    ),
    length:
      first.thinking && second.thinking
        ? tiersMean(
            pairs.map(([one, other]) => contrast(thoughtLengths(one), thoughtLengths(other))),
            label,
          )
        : null,
  };
}
