import type { TraceSpan } from '@midtrain/kernels';

/** Does something and notes when and for how long. */
export async function timed<T>(spans: TraceSpan[], name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    spans.push({ name, start, milliseconds: performance.now() - start });
  }
}

/** Seconds by the name of what took them. */
export function secondsByName(spans: readonly TraceSpan[]): Record<string, number> {
  const seconds: Record<string, number> = {};
  for (const { name, milliseconds } of spans) seconds[name] = (seconds[name] ?? 0) + milliseconds / 1000;
  return seconds;
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
