import { type RandomSource, seededRandom } from '@midtrain/curriculum';
import { NORMAL_QUANTILE, studentQuantile } from './student-quantile.js';

/** What a document adds to a seed's mean. */
export interface Cluster {
  /** Which one it is: seeds that are asked about the same document share its luck. */
  readonly document: number;
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

/** Each document's part in a seed's mean being off (a ratio estimator's, linearised), by document. */
function influences(clusters: readonly Cluster[]): Map<number, number> {
  const centre = ratio(clusters);
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(clusters.map(({ document, sum, weight }) => [document, (sum - centre * weight) / total]));
}

/** Variance of a mean that is due to which documents were asked about, from their parts in it. */
const varianceOf = (parts: readonly number[]): number =>
  parts.length < 2
    ? 0
    : (parts.reduce((sum, part) => sum + part ** 2, 0) * parts.length) / (parts.length - 1);

/**
 * Of the documents' noise in the mean over seeds, what is each seed's own: it is in the spread of the seeds' means already.
 * Of documents that seeds do not share that is all of it; luck that a document brings to every seed alike is not.
 */
function varianceOfOwn(seeds: readonly (readonly Cluster[])[]): number {
  const parts = seeds.map(influences);
  const together = new Map<number, number>();
  for (const own of parts)
    for (const [document, part] of own)
      together.set(document, (together.get(document) ?? 0) + part / seeds.length);
  const alone = mean(parts.map((own) => varianceOf([...own.values()])));
  return Math.max(0, alone - varianceOf([...together.values()])) / (seeds.length - 1);
}

/**
 * Factor on the seeds' deviations from their mean, so that drawing seeds and documents spreads as Student's interval of the
 * seeds' means does, or as the documents alone do where that is more: a handful of draws spreads too little, as n − 1
 * beside n and Student's quantile beside the normal one say, and the seeds' means hold some of the documents' noise
 * already, which drawing documents adds again.
 */
function seedSpread(means: readonly number[], seeds: readonly (readonly Cluster[])[]): number {
  const count = means.length;
  if (count < 2) return 0;
  const centre = mean(means);
  const between = means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (count - 1);
  if (between === 0) return 0;
  const wanted = (studentQuantile(count - 1) / NORMAL_QUANTILE) ** 2;
  const second = (varianceOfOwn(seeds) * count) / between;
  return Math.sqrt((Math.max(0, wanted - second) * count) / (count - 1));
}

/** The seeds' documents, ready to be drawn from many times: for each document its part in each seed. */
interface Pool {
  readonly documents: number;
  readonly seeds: number;
  readonly sums: Float64Array;
  readonly weights: Float64Array;
}

function poolOf(seeds: readonly (readonly Cluster[])[]): Pool {
  const places = new Map<number, number>();
  for (const { document } of seeds.flat()) if (!places.has(document)) places.set(document, places.size);
  const size = places.size * seeds.length;
  const [sums, weights] = [new Float64Array(size), new Float64Array(size)];
  seeds.forEach((clusters, seed) => {
    for (const { document, sum, weight } of clusters) {
      const at = (places.get(document) as number) * seeds.length + seed;
      sums[at] = sum;
      weights[at] = weight;
    }
  });
  return { documents: places.size, seeds: seeds.length, sums, weights };
}

/** Draws from one random number: its 53 bits are enough for four documents of up to a thousand. */
const DRAWS = 4;

/**
 * Draws as many documents as there are, with replacement, the same for all seeds.
 *
 * @param means are written: each seed's mean over them, NaN where it was asked about none
 * @param weight room for a number of each seed
 */
function redraw(pool: Pool, random: RandomSource, means: Float64Array, weight: Float64Array): void {
  const { documents, seeds, sums, weights } = pool;
  const sum = means;
  sum.fill(0);
  weight.fill(0);
  for (let drawn = 0; drawn < documents; drawn += DRAWS) {
    let rest = random.next();
    for (let i = Math.min(DRAWS, documents - drawn); i > 0; i--) {
      rest *= documents;
      const document = Math.floor(rest);
      rest -= document;
      const first = document * seeds;
      for (let seed = 0; seed < seeds; seed++) {
        sum[seed] += sums[first + seed];
        weight[seed] += weights[first + seed];
      }
    }
  }
  for (let seed = 0; seed < seeds; seed++)
    sum[seed] = weight[seed] > 0 ? sum[seed] / weight[seed] : Number.NaN;
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  return below + (place - Math.floor(place)) * (sorted[Math.ceil(place)] - below);
}

/**
 * A mean over seeds with a 95 % interval by a hierarchical bootstrap: seeds are drawn with replacement, and documents, the
 * same for all seeds that were asked about them (Davison & Hinkley 1997, § 3.8; Owen 2007 for two crossed factors), with the
 * seeds' spread corrected for their small number. With one seed the interval is over its documents alone. A test measures
 * how often the interval holds the truth.
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
  const pool = poolOf(seeds);
  const random = seededRandom(0, stream);
  const means = new Float64Array(RESAMPLES);
  const [drawn, weight] = [new Float64Array(seeds.length), new Float64Array(seeds.length)];
  for (let trial = 0; trial < RESAMPLES; trial++) {
    let total = 0;
    for (let draw = 0; draw < seeds.length; draw++) {
      total += spread * (bySeed[Math.floor(random.next() * seeds.length)] - value);
    }
    redraw(pool, random, drawn, weight);
    for (let seed = 0; seed < seeds.length; seed++) {
      if (!Number.isNaN(drawn[seed])) total += drawn[seed] - bySeed[seed];
    }
    means[trial] = value + total / seeds.length;
  }
  means.sort();
  const low = Math.max(least, quantile(means, 0.025));
  return { value, low, high: Math.min(most, quantile(means, 0.975)), bySeed };
}
