import type { Html } from '../../report/html.js';
import { COLOURS } from '../../report/style.js';
import type { Results } from '../results/results.js';
import { ablationsChart, differencesChart, frontierFigure, sensitivityChart } from './main-charts.js';
import { DRAWN_STYLE } from './style.js';

/** A chart of the page as an image of its own, with its colours and a ground. */
function standalone({ html: svg }: Html): string {
  const style = `<style>${COLOURS}svg { background: var(--card); font-family: system-ui, sans-serif; }${DRAWN_STYLE}</style>`;
  return svg.replace(/<svg ([^>]*)>/, `<svg xmlns="http://www.w3.org/2000/svg" $1>${style}`);
}

/** The page's main charts as SVG files, by name. */
export function standaloneFigures(results: Results): Map<string, string> {
  return new Map([
    ['length-and-accuracy.svg', standalone(frontierFigure(results))],
    ['components.svg', standalone(ablationsChart(results))],
    ['differences.svg', standalone(differencesChart(results))],
    ['sensitivity.svg', standalone(sensitivityChart(results))],
  ]);
}
