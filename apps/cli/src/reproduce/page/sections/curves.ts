import { lineChart } from '../../../report/charts/line-chart.js';
import { seriesVariable } from '../../../report/charts/theme.js';
import { type Html, html, trusted } from '../../../report/html.js';
import type { CurveEntry, Results } from '../../results/results.js';
import { sources } from '../figures.js';

type Point = CurveEntry['points'][number];

const PANELS: readonly {
  readonly title: string;
  readonly caption: string;
  readonly value: (point: Point) => number | null;
  readonly percent?: boolean;
}[] = [
  {
    title: 'Match reward',
    caption: 'Share of branches that were rewarded for their prediction, at the positions each method draws.',
    value: ({ matchReward }) => matchReward,
    percent: true,
  },
  { title: 'Length', caption: 'Mean tokens of a thought.', value: ({ meanLength }) => meanLength },
  { title: 'Budget', caption: 'Mean tokens asked for.', value: ({ budget }) => budget },
  {
    title: 'Next-token loss',
    caption:
      'On the step’s documents, nats a token, of the methods that learn from it; each leaves out the positions that it draws.',
    value: ({ nextTokenLoss }) => nextTokenLoss,
  },
  {
    title: 'Hard positions',
    caption: 'Share of the hard tier among the positions drawn.',
    value: ({ hardShare }) => hardShare,
    percent: true,
  },
];

/** Figures over the steps, the mean of each method's seeds. */
export function curvesSection({ curves }: Results): Html {
  const legend = curves.map(
    ({ label, folders }, i) =>
      html`<li><i style="background:${trusted(`var(${seriesVariable(i)})`)}"></i>${label} ${sources(folders)}</li>`,
  );
  const card = ({ title, caption, value, percent }: (typeof PANELS)[number]) => {
    const drawn = curves.flatMap(({ points }, colour) => {
      const known = points.flatMap((point) => {
        const figure = value(point);
        return figure === null ? [] : [[point.step, figure] as const];
      });
      return known.length > 0 ? [{ points: known, colour, exact: true }] : [];
    });
    return html`<figure class="card"><h3>${title}</h3><figcaption>${caption}</figcaption>${lineChart({ label: title, curves: drawn, percent, fromZero: true })}</figure>`;
  };
  return html`<h2 id="curves">Over the steps</h2><ul class="legend">${legend}</ul><div class="cards">${PANELS.map(card)}</div>`;
}
