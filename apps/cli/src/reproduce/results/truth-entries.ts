import type { Method } from '../methods.js';
import type { Estimate } from '../statistics/hierarchical-bootstrap.js';
import type { FinishedRun } from './finished-run.js';
import { correctness, hopsMean, thoughtLengths } from './outcome-values.js';
import type { TruthEntry } from './results.js';

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** What entropy says of the tokens, and how methods do on them, by the lookups that they really take. */
export function truthEntries(
  bases: readonly FinishedRun[],
  methods: readonly Method[],
  runsOf: (method: string) => readonly FinishedRun[],
): TruthEntry[] {
  const positions = bases.flatMap((base) => base.positions);
  const all = sumOf(positions.map(({ weight }) => weight));
  const known = new Set(positions.flatMap(({ hops }) => (hops === undefined ? [] : [hops])));
  return [...known]
    .sort((a, b) => a - b)
    .map((hops): TruthEntry => {
      const own = positions.filter((at) => at.hops === hops);
      const inTier = (tier: number) =>
        sumOf(own.filter((at) => at.tier === tier).map(({ weight }) => weight)) / all;
      return {
        hops,
        positions: own.length,
        share: inTier(0) + inTier(1) + inTier(2),
        meanEntropy:
          sumOf(own.map(({ entropy, weight }) => weight * entropy)) / sumOf(own.map(({ weight }) => weight)),
        tiers: [inTier(0), inTier(1), inTier(2)],
        accuracy: methods.map(({ id, label }) => {
          const runs = runsOf(id);
          const stream = `${hops} lookups, ${id}`;
          const of = (values: (run: FinishedRun) => ReturnType<typeof thoughtLengths>) =>
            hopsMean(runs.map(values), stream, hops) as Estimate;
          return {
            method: id,
            label,
            folders: runs.map(({ folder }) => folder),
            withoutReasoning: of((run) => correctness(run, false)),
            withReasoning: of((run) => correctness(run, true)),
            meanLength: of(thoughtLengths),
          };
        }),
      };
    });
}
