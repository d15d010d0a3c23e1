import * as tf from '@tensorflow/tfjs-core';

/** A figure of one pass for the log; its tensor is kept (`tf.keep`), for whoever reads it to release. */
export interface PassFigure {
  readonly value: tf.Scalar;
  /** How many tokens it is a mean over: the passes' means make one of all tokens. Absent: the passes' values add up. */
  readonly tokens?: number;
}

/** A scalar of a pass as a figure that adds up. */
export const passFigure = (value: tf.Scalar): PassFigure => ({ value: tf.keep(tf.clone(value)) });

/** What `compute` makes; where it throws, the figures are released. */
export function orRelease<T>(figures: Readonly<Record<string, PassFigure>>, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    tf.dispose(Object.values(figures).map(({ value }) => value));
    throw error;
  }
}

/** One number of all figures that have a name. */
export async function readFigures(
  figures: readonly (readonly [string, PassFigure])[],
): Promise<Record<string, number>> {
  const totals: Record<string, number> = {};
  const divisors: Record<string, number> = {};
  for (const [name, { value, tokens }] of figures) {
    const [read] = await value.data();
    totals[name] = (totals[name] ?? 0) + (tokens ?? 1) * read;
    divisors[name] = tokens === undefined ? 1 : (divisors[name] ?? 0) + tokens;
  }
  return Object.fromEntries(
    Object.entries(totals).map(([name, total]) => [name, total / Math.max(1, divisors[name])]),
  );
}
