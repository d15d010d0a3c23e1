import type { Html } from '../html.js';
import { renderChart } from './render-chart.js';
import { GRID, MUTED, seriesColour } from './theme.js';

/** A curve over the steps. */
export interface Curve {
  readonly points: readonly (readonly [step: number, value: number])[];
  /** Which colour of the palette. */
  readonly colour: number;
  readonly dashed?: boolean;
  /** Draw it as it is, without smoothing. */
  readonly exact?: boolean;
}

export interface LineChartOptions {
  readonly label: string;
  readonly curves: readonly Curve[];
  /** Values are shares, shown as percent. */
  readonly percent?: boolean;
  /** Whether the axis begins at 0. Default false. */
  readonly fromZero?: boolean;
  /** Curves lie on top of each other and add up. */
  readonly stacked?: boolean;
}

const MOST_POINTS = 240;
const SMOOTH_FROM = 30;

/** Means over equal stretches, so that a long run makes no large page. */
function thinned(points: Curve['points']): Curve['points'] {
  if (points.length <= MOST_POINTS) return points;
  const stretch = points.length / MOST_POINTS;
  return Array.from({ length: MOST_POINTS }, (_, i) => {
    const part = points.slice(Math.floor(i * stretch), Math.floor((i + 1) * stretch));
    const mean = (of: 0 | 1) => part.reduce((sum, point) => sum + point[of], 0) / part.length;
    return [Math.round(mean(0)), mean(1)] as const;
  });
}

/** Exponential moving average over about a thirtieth of the run, without a bias at its start. */
function smoothed(points: Curve['points']): Curve['points'] {
  const keep = 1 - 1 / Math.max(1, points.length / 30);
  let average = 0;
  let weight = 0;
  return points.map(([step, value]) => {
    average = keep * average + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return [step, average / weight] as const;
  });
}

const compact = (value: number): string => {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 0.001 && size < 100_000 ? String(Number(value.toPrecision(3))) : value.toExponential(0);
};

/** Curves over the steps; noisy ones faint with their moving average on top. */
export function lineChart({ label, curves, percent, fromZero, stacked }: LineChartOptions): Html {
  const axis = {
    axisLine: { lineStyle: { color: GRID } },
    axisTick: { show: false },
    axisLabel: { color: MUTED, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: GRID } },
  };
  // A share that comes near to all of them is shown up to 100 %.
  const wholeShare =
    stacked || (percent && curves.some(({ points }) => points.some(([, value]) => value > 0.8)));
  const series = curves.flatMap(({ points, colour, dashed = false, exact = false }) => {
    const shown = thinned(points.filter(([, value]) => Number.isFinite(value)));
    const line = (data: Curve['points'], opacity: number, width: number) => ({
      type: 'line' as const,
      data: data.map(([step, value]) => [step, value]),
      showSymbol: shown.length === 1,
      silent: true,
      lineStyle: {
        color: seriesColour(colour),
        width,
        opacity,
        type: dashed ? ('dashed' as const) : ('solid' as const),
      },
      itemStyle: { color: seriesColour(colour) },
      ...(stacked && { stack: 'all', areaStyle: { color: seriesColour(colour), opacity: 0.35 } }),
    });
    if (exact || stacked || shown.length < SMOOTH_FROM) return [line(shown, 1, 1.75)];
    return [line(shown, 0.25, 1), line(smoothed(shown), 1, 2)];
  });
  return renderChart(
    {
      grid: { left: 46, right: 12, top: 12, bottom: 24 },
      xAxis: {
        type: 'value',
        min: 'dataMin',
        max: 'dataMax',
        ...axis,
        splitLine: { show: false },
        minInterval: 1,
      },
      yAxis: {
        type: 'value',
        scale: !fromZero,
        splitNumber: 4,
        ...axis,
        ...(wholeShare && { max: 1, interval: 0.25 }),
        axisLabel: {
          ...axis.axisLabel,
          formatter: (value: number) => (percent ? `${compact(100 * value)} %` : compact(value)),
        },
      },
      series,
    },
    { width: 400, height: 210 },
    label,
  );
}
