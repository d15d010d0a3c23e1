import type { KernelEvent } from './profile-kernels.js';

/** A stretch of time with a name, such as a part of a step. */
export interface TraceSpan {
  readonly name: string;
  /** Milliseconds on the clock of `performance.now()`. */
  readonly start: number;
  readonly milliseconds: number;
}

/** What chrome://tracing, Perfetto and Chrome's performance panel open, as an object to be written as JSON. */
export interface ChromeTrace {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly object[];
}

const MICROSECONDS = 1000;

/** Kernels and the spans around them as a trace in Chrome's format; within a span, what lies inside is drawn below it. */
export function chromeTrace(kernels: readonly KernelEvent[], spans: readonly TraceSpan[] = []): ChromeTrace {
  const complete = (category: string, { name, start, milliseconds }: TraceSpan, args = {}) => ({
    name,
    cat: category,
    ph: 'X',
    ts: start * MICROSECONDS,
    dur: milliseconds * MICROSECONDS,
    pid: 1,
    tid: 1,
    args,
  });
  return {
    displayTimeUnit: 'ms',
    traceEvents: [
      ...spans.map((span) => complete('span', span)),
      ...kernels.map((event) => complete('kernel', event, { inputs: event.inputs })),
    ],
  };
}

/** How often a kernel ran, and how long in all. */
export interface KernelTotal {
  readonly name: string;
  readonly calls: number;
  /** Without the kernels that it called. */
  readonly milliseconds: number;
}

/** Time by kernel, the slowest first; of a kernel that calls others, only what they did not take. */
export function kernelTotals(events: readonly KernelEvent[]): KernelTotal[] {
  const totals = new Map<string, { calls: number; milliseconds: number }>();
  // Ends in order, so whatever started after this one and has been seen lies inside it.
  const finished: { start: number; milliseconds: number }[] = [];
  for (const { name, start, milliseconds } of events) {
    let own = milliseconds;
    for (let last = finished.at(-1); last && last.start >= start; last = finished.at(-1)) {
      own -= last.milliseconds;
      finished.pop();
    }
    finished.push({ start, milliseconds });
    const total = totals.get(name) ?? { calls: 0, milliseconds: 0 };
    totals.set(name, { calls: total.calls + 1, milliseconds: total.milliseconds + own });
  }
  return [...totals]
    .map(([name, total]) => ({ name, ...total }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
