/** A share of successes with its 95 % confidence interval. */
export interface Accuracy {
  /** Trials. */
  readonly n: number;
  /** Share of successes, 0..1; 0 of no trials. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/** Wilson's score interval (1927) at 95 %: honest near 0 and 1 and for few trials. [0, 1] of no trials. */
export function wilsonInterval(successes: number, trials: number): Accuracy {
  if (trials === 0) return { n: 0, accuracy: 0, low: 0, high: 1 };
  const share = successes / trials;
  const spread = Z ** 2 / trials;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (Z / (1 + spread)) * Math.sqrt((share * (1 - share)) / trials + spread / (4 * trials));
  return { n: trials, accuracy: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
