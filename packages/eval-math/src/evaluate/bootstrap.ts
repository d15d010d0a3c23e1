import { EvalMathError } from '../errors.js';
import { randomFrom } from './random.js';

/** A mean with the interval in which it lies. */
export interface Estimate {
  /** How many values it is the mean of. */
  readonly n: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How an interval is drawn; every field has a default. */
export interface BootstrapOptions {
  /** Resamples, at least 100. Default: 2000. */
  resamples?: number;
  /** Share of resamples inside the interval, between 0 and 1. Default: 0.95. */
  confidence?: number;
  /** Decides the draws. Default: 0. */
  seed?: number;
}

export const BOOTSTRAP_DEFAULTS: Required<BootstrapOptions> = { resamples: 2_000, confidence: 0.95, seed: 0 };

/** Fills in the defaults and checks the ranges; throws `INVALID_OPTION`. */
export function checkBootstrapOptions(options: BootstrapOptions): Required<BootstrapOptions> {
  const full = { ...BOOTSTRAP_DEFAULTS, ...options };
  if (!Number.isInteger(full.resamples) || full.resamples < 100)
    throw new EvalMathError(
      'INVALID_OPTION',
      `resamples must be a whole number of at least 100, not ${full.resamples}`,
    );
  if (!(full.confidence > 0 && full.confidence < 1))
    throw new EvalMathError('INVALID_OPTION', `confidence must lie between 0 and 1, not ${full.confidence}`);
  if (!Number.isInteger(full.seed))
    throw new EvalMathError('INVALID_OPTION', `seed must be a whole number, not ${full.seed}`);
  return full;
}

/** Means of resamples drawn with replacement, sorted (Efron 1979). */
export function resampledMeans(values: readonly number[], options: Required<BootstrapOptions>): Float64Array {
  const random = randomFrom(options.seed);
  const means = new Float64Array(options.resamples);
  for (let trial = 0; trial < means.length; trial += 1) {
    let total = 0;
    for (let draw = 0; draw < values.length; draw += 1) total += values[Math.floor(random() * values.length)];
    means[trial] = total / values.length;
  }
  return means.sort();
}

/** The value below which the share `q` of sorted values lies, interpolated. */
function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  return low + (high - low) * (position - Math.floor(position));
}

/** The mean of values with its percentile-bootstrap interval. No values give a mean of NaN. */
export function estimate(values: readonly number[], options: BootstrapOptions = {}): Estimate {
  const checked = checkBootstrapOptions(options);
  if (values.length === 0) return { n: 0, value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const means = resampledMeans(values, checked);
  const tail = (1 - checked.confidence) / 2;
  const value = values.reduce((total, one) => total + one, 0) / values.length;
  return { n: values.length, value, low: quantile(means, tail), high: quantile(means, 1 - tail) };
}
