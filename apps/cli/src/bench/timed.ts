/** Seconds by the name of what took them. */
export type Stopwatch = Record<string, number>;

/** Does something and adds the seconds it took. */
export async function timed<T>(seconds: Stopwatch, name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    seconds[name] = (seconds[name] ?? 0) + (performance.now() - start) / 1000;
  }
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
