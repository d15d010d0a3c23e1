/** A linear scale from values to places in a drawing, with round ticks. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10];

/**
 * @param values all that has to be seen
 * @param places where the smallest and the largest go
 * @param count ticks that are aimed at
 */
export function linearScale(
  values: readonly number[],
  places: readonly [from: number, to: number],
  count = 6,
): Scale {
  const known = values.filter(Number.isFinite);
  const least = Math.min(...known);
  const most = Math.max(...known);
  const span = most - least || Math.abs(most) || 1;
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = (STEPS.find((factor) => span / (factor * power) <= count) ?? 10) * power;
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  const [from, to] = [ticks[0], ticks[ticks.length - 1]];
  const scale = (value: number) => places[0] + ((value - from) / (to - from)) * (places[1] - places[0]);
  return Object.assign(scale, { ticks });
}
