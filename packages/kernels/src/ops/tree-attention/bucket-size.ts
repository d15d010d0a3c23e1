/**
 * Rounds a size up to one of few, so that few combinations are met and little is wasted.
 * @param steps sizes between two powers of two, a power of two; a size grows by less than a share of 1/steps. Default 4.
 */
export function bucketSize(size: number, steps = 4): number {
  if (size <= steps) return size;
  const step = 2 ** Math.floor(Math.log2(size)) / steps;
  return Math.ceil(size / step) * step;
}
