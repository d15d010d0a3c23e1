/** 97.5 % quantile of the standard normal distribution. */
export const NORMAL_QUANTILE = 1.959963984540054;

/** 97.5 % quantiles of Student's t for 1, 2, … degrees of freedom, where the expansion below is not good enough. */
const FEW = [
  12.706204736, 4.30265273, 3.182446305, 2.776445105, 2.570581836, 2.446911851, 2.364624252, 2.306004135,
  2.262157163,
];

/**
 * 97.5 % quantile of Student's t distribution, to four decimals: a table for few degrees of freedom, else the
 * Cornish–Fisher expansion about the normal quantile (Abramowitz & Stegun 26.7.5).
 *
 * @param freedom degrees of freedom, a whole number ≥ 1
 */
export function studentQuantile(freedom: number): number {
  if (freedom <= FEW.length) return FEW[freedom - 1];
  const z = NORMAL_QUANTILE;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}
