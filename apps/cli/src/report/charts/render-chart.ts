import type { EChartsOption } from 'echarts';
import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Html, trusted } from '../html.js';
import { withVariables } from './theme.js';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Draws a chart on the server: an SVG that needs no script, scales to its place and follows the page's colours. */
export function renderChart(option: EChartsOption, { width, height }: ChartSize, label: string): Html {
  echarts.use([LineChart, CustomChart, GridComponent, SVGRenderer]);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, backgroundColor: 'transparent', ...option });
    const svg = withVariables(chart.renderToSVGString({ useViewBox: true }));
    const described = svg.replace('<svg ', `<svg role="img" aria-label="${label.replace(/["&<>]/g, ' ')}" `);
    return trusted(described);
  } finally {
    chart.dispose();
  }
}
