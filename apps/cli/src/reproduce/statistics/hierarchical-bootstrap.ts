import { type RandomSource, seededRandom } from '@midtrain/curriculum';
import { NORMAL_QUANTILE, studentQuantile } from './student-quantile.js';

/** What a document adds to a seed's mean. */
export interface Cluster {
  /** Sum of its positions' values, each times its weight. */
  readonly sum: number;
  /** Sum of its positions' weights, > 0. */
  readonly weight: number;
}

/** A mean over seeds with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Each seed's own mean, in the order given. */
  readonly bySeed: readonly number[];
}

/** The least and the most that a value can be. */
export type Limits = readonly [least: number, most: number];

/** Resamples of an interval: enough that another seed moves its ends by a twentieth of its width. */
const RESAMPLES = 1000;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const ratio = (clusters: readonly Cluster[]): number =>
  clusters.reduce((sum, cluster) => sum + cluster.sum, 0) /
  clusters.reduce((sum, cluster) => sum + cluster.weight, 0);

/** Variance of a seed's mean that is due to which documents it was asked about (a ratio estimator's, linearised). */
function varianceWithin(clusters: readonly Cluster[]): number {
  if (clusters.length < 2) return 0;
  const centre = ratio(clusters);
  const weight = clusters.reduce((sum, cluster) => sum + cluster.weight, 0);
  const squares = clusters.reduce((sum, cluster) => sum + (cluster.sum - centre * cluster.weight) ** 2, 0);
  return (squares * clusters.length) / (clusters.length - 1) / weight ** 2;
}

/**
 * Factor on the seeds' deviations from their mean, so that drawing seeds and then documents spreads as Student's
 * interval of the seeds' means does, or as the documents alone do where that is more: a handful of draws spreads too
 * little, as n − 1 beside n and Student's quantile beside the normal one say, and the seeds' means hold the documents'
 * noise already, which the second level adds again.
 */
function seedSpread(means: readonly number[], seeds: readonly (readonly Cluster[])[]): number {
  const count = means.length;
  if (count < 2) return 0;
  const centre = mean(means);
  const between = means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (count - 1);
  if (between === 0) return 0;
  const wanted = (studentQuantile(count - 1) / NORMAL_QUANTILE) ** 2;
  const second = mean(seeds.map(varianceWithin)) / between;
  return Math.sqrt((Math.max(0, wanted - second) * count) / (count - 1));
}

/** A seed's documents, ready to be drawn from many times. */
interface Pool {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
}

const poolOf = (clusters: readonly Cluster[]): Pool => ({
  sums: Float64Array.from(clusters, ({ sum }) => sum),
  weights: Float64Array.from(clusters, ({ weight }) => weight),
});

/** Draws from one random number: its 53 bits are enough for four documents of up to a thousand. */
const DRAWS = 4;

/** The mean of as many documents as there are, drawn with replacement. */
function redrawn({ sums, weights }: Pool, random: RandomSource): number {
  const count = sums.length;
  let sum = 0;
  let weight = 0;
  for (let drawn = 0; drawn < count; drawn += DRAWS) {
    let rest = random.next();
    for (let i = Math.min(DRAWS, count - drawn); i > 0; i--) {
      rest *= count;
      const index = Math.floor(rest);
      rest -= index;
      sum += sums[index];
      weight += weights[index];
    }
  }
  return sum / weight;
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  return below + (place - Math.floor(place)) * (sorted[Math.ceil(place)] - below);
}

/**
 * A mean over seeds with a 95 % interval by a hierarchical bootstrap: seeds are drawn with replacement, then documents
 * within each (Davison & Hinkley 1997, § 3.8), with the seeds' spread corrected for their small number. With one seed
 * the interval is over its documents alone. A test measures how often the interval holds the truth.
 *
 * @param seeds each seed's documents; for a paired difference, values are differences. At least one document a seed
 * @param stream names the draws: one name, one result
 * @param limits what a mean can be: the interval ends there
 */
export function hierarchicalBootstrap(
  seeds: readonly (readonly Cluster[])[],
  stream: string,
  [least, most]: Limits = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): Estimate {
  const bySeed = seeds.map(ratio);
  const value = mean(bySeed);
  const spread = seedSpread(bySeed, seeds);
  const pools = seeds.map(poolOf);
  const random = seededRandom(0, stream);
  const means = new Float64Array(RESAMPLES);
  for (let trial = 0; trial < RESAMPLES; trial++) {
    let total = 0;
    for (let draw = 0; draw < seeds.length; draw++) {
      const seed = Math.floor(random.next() * seeds.length);
      total += spread * (bySeed[seed] - value) + (redrawn(pools[seed], random) - bySeed[seed]);
    }
    means[trial] = value + total / seeds.length;
  }
  means.sort();
  const low = Math.max(least, quantile(means, 0.025));
  return { value, low, high: Math.min(most, quantile(means, 0.975)), bySeed };
}
