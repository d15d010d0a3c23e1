/** Largest absolute difference, relative to the largest absolute expected value. */
export function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values, expected ${expected.length}`);
  const largest = Math.max(...expected.map(Math.abs));
  const difference = Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));
  // NaN must not compare as small.
  if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
  return largest === 0 ? difference : difference / largest;
}
