import type { Accuracy } from '@midtrain/core';
import type { Html } from '../html.js';
import { renderChart } from './render-chart.js';
import { GRID, INK, MUTED, seriesColour } from './theme.js';

/** A dot with its interval. */
export interface IntervalRow {
  readonly group: string;
  readonly accuracy: Accuracy;
  readonly colour: number;
}

interface Coordinates {
  coord(point: readonly [number, number]): number[];
  value(dimension: number): number;
}

const ROW = 17;
const GAP = 14;

/** Shares with their intervals, one row each, in groups. */
export function intervalChart(label: string, rows: readonly IntervalRow[]): Html {
  const groups = [...new Set(rows.map(({ group }) => group))];
  let y = 0;
  const middles: { readonly group: string; readonly y: number }[] = [];
  const data: [number, number, number, number, number][] = [];
  for (const group of groups) {
    const own = rows.filter((row) => row.group === group);
    y += GAP;
    middles.push({ group, y: y + (own.length * ROW) / 2 });
    for (const { accuracy, colour } of own) {
      data.push([100 * accuracy.accuracy, y + ROW / 2, 100 * accuracy.low, 100 * accuracy.high, colour]);
      y += ROW;
    }
  }
  const height = y + GAP;
  const renderItem = (_: unknown, api: Coordinates) => {
    const [x, at] = api.coord([api.value(0), api.value(1)]);
    const [low] = api.coord([api.value(2), api.value(1)]);
    const [high] = api.coord([api.value(3), api.value(1)]);
    const stroke = seriesColour(api.value(4));
    const line = (x1: number, y1: number, x2: number, y2: number) => ({
      type: 'line' as const,
      shape: { x1, y1, x2, y2 },
      style: { stroke, lineWidth: 1.75 },
    });
    return {
      type: 'group' as const,
      children: [
        line(low, at, high, at),
        line(low, at - 3, low, at + 3),
        line(high, at - 3, high, at + 3),
        { type: 'circle' as const, shape: { cx: x, cy: at, r: 4 }, style: { fill: stroke } },
      ],
    };
  };
  return renderChart(
    {
      grid: { left: 64, right: 16, top: 4, bottom: 24 },
      xAxis: {
        type: 'value',
        min: 0,
        axisLabel: { color: MUTED, fontSize: 11, formatter: '{value} %' },
        axisLine: { lineStyle: { color: GRID } },
        splitLine: { lineStyle: { color: GRID } },
      },
      yAxis: {
        type: 'value',
        min: 0,
        max: height,
        inverse: true,
        interval: height,
        axisLabel: { show: false },
        axisTick: { show: false },
        axisLine: { show: false },
        splitLine: { show: false },
      },
      series: [
        { type: 'custom', data, silent: true, renderItem: renderItem as never },
        {
          type: 'custom',
          silent: true,
          data: middles.map(({ y: at }) => [0, at]),
          renderItem: ((params: { readonly dataIndex: number }, api: Coordinates) => {
            const [x, at] = api.coord([0, api.value(1)]);
            const style = {
              text: middles[params.dataIndex].group,
              x: x - 10,
              y: at,
              fill: INK,
              align: 'right',
              verticalAlign: 'middle',
              fontSize: 12,
            };
            return { type: 'text', style };
          }) as never,
        },
      ],
    },
    { width: 560, height: height + 28 },
    label,
  );
}
