/**
 * Upper critical values of the chi-square distribution at significance 0.001, by degrees of freedom
 * (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4). A fair draw exceeds its value once in a thousand seeds;
 * seeds in tests are fixed, so a test that passes keeps passing.
 */
const CRITICAL: Readonly<Record<number, number>> = {
  1: 10.828,
  2: 13.816,
  3: 16.266,
  5: 20.515,
  9: 27.877,
  19: 43.82,
  23: 49.728,
  99: 148.23,
};

/** Pearson's statistic of observed counts against the counts to be expected. */
const chiSquare = (observed: readonly number[], expected: readonly number[]): number =>
  observed.reduce((sum, count, i) => sum + (count - expected[i]) ** 2 / expected[i], 0);

/** Whether the counts are compatible with the probabilities at significance 0.001. */
export const fits = (observed: readonly number[], probabilities: readonly number[]): boolean => {
  const critical = CRITICAL[observed.length - 1];
  if (critical === undefined)
    throw new Error(`no critical value for ${observed.length - 1} degrees of freedom`);
  const total = observed.reduce((sum, count) => sum + count, 0);
  return (
    chiSquare(
      observed,
      probabilities.map((p) => p * total),
    ) < critical
  );
};

/** n equal probabilities. */
export const even = (n: number): number[] => new Array<number>(n).fill(1 / n);
