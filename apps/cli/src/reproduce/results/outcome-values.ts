import type { Cluster, Estimate, Limits } from '../statistics/hierarchical-bootstrap.js';
import { hierarchicalBootstrap } from '../statistics/hierarchical-bootstrap.js';
import type { FinishedRun } from './finished-run.js';
import type { Side, TierEstimates } from './results.js';

/** A value of each position of one seed, in the positions' order. */
export interface SeedValues {
  readonly positions: FinishedRun['positions'];
  readonly values: readonly number[];
  readonly limits: Limits;
}

/** Limits of what is 0 or 1. */
const SHARE: Limits = [0, 1];

const numbers = (digits: string): number[] => Array.from(digits, Number);

const evaluationOf = ({ evaluation, folder }: FinishedRun) => {
  if (evaluation === undefined) throw new Error(`${folder} has no evaluation.json`);
  return evaluation;
};

/** 1 where a run's prediction was right. */
export function correctness(run: FinishedRun, thinking: Side['thinking']): SeedValues {
  const { correct, correctThinking } = evaluationOf(run);
  return { positions: run.positions, values: numbers(thinking ? correctThinking : correct), limits: SHARE };
}

/** Tokens of each thought. */
export const thoughtLengths = (run: FinishedRun): SeedValues => ({
  positions: run.positions,
  values: evaluationOf(run).lengths,
  limits: [0, Number.POSITIVE_INFINITY],
});

/** 1 where a thought was closed and followed by a prediction. */
export const formedness = (run: FinishedRun): SeedValues => ({
  positions: run.positions,
  values: numbers(evaluationOf(run).wellFormed),
  limits: SHARE,
});

/** `first − factor·second`, position by position. */
export function contrast(first: SeedValues, second: SeedValues, factor = 1): SeedValues {
  return {
    ...first,
    values: first.values.map((value, i) => value - factor * second.values[i]),
    limits: [first.limits[0] - factor * second.limits[1], first.limits[1] - factor * second.limits[0]],
  };
}

type Position = FinishedRun['positions'][number];

/** Gathers positions by document; `weight` 0 leaves one out. */
function clusters({ positions, values }: SeedValues, weight: (at: Position) => number): Cluster[] {
  const documents = new Map<number, { document: number; sum: number; weight: number }>();
  positions.forEach((at, i) => {
    const w = weight(at);
    if (w === 0) return;
    const cluster = documents.get(at.document) ?? { document: at.document, sum: 0, weight: 0 };
    cluster.sum += w * values[i];
    cluster.weight += w;
    documents.set(at.document, cluster);
  });
  return [...documents.values()];
}

/** The mean over seeds; null where no seed has a position of a weight. */
function estimate(
  seeds: readonly SeedValues[],
  stream: string,
  weight: (at: Position, seed: SeedValues) => number,
): Estimate | null {
  const data = seeds
    .map((seed) => clusters(seed, (at) => weight(at, seed)))
    .filter((documents) => documents.length > 0);
  return data.length === 0 ? null : hierarchicalBootstrap(data, stream, seeds[0].limits);
}

/** All tiers, from the easiest. */
export const TIERS: readonly number[] = [0, 1, 2];

/** One over each tier's number of positions, so that the tiers count alike. */
const tierWeights = ({ positions }: SeedValues): readonly number[] =>
  TIERS.map((tier) => 1 / positions.filter((at) => at.tier === tier).length);

/** The mean in each tier, that of the three, and that of all tokens. */
export function tierEstimates(seeds: readonly SeedValues[], stream: string): TierEstimates {
  const of = (tier: number) => estimate(seeds, stream, (at) => Number(at.tier === tier));
  const average = tiersMean(seeds, stream);
  return { easy: of(0), medium: of(1), hard: of(2), average, tokens: tokensMean(seeds, stream) };
}

/** The mean over all positions, each tier counting alike. */
export function tiersMean(seeds: readonly SeedValues[], stream: string): Estimate | null {
  const weights = new Map(seeds.map((seed) => [seed, tierWeights(seed)]));
  return estimate(seeds, stream, (at, seed) => weights.get(seed)?.[at.tier] ?? 0);
}

/** The mean over all held-out tokens, or those of these tiers: each position counts for the tokens that it stands for. */
export const tokensMean = (
  seeds: readonly SeedValues[],
  stream: string,
  counted: readonly number[] = TIERS,
): Estimate | null => estimate(seeds, stream, ({ tier, weight }) => (counted.includes(tier) ? weight : 0));

/** The mean over the held-out tokens that take so many lookups. */
export const hopsMean = (seeds: readonly SeedValues[], stream: string, hops: number): Estimate | null =>
  estimate(seeds, stream, (at) => (at.hops === hops ? at.weight : 0));
